"""Recovers what a Quorate vault keeps, without Quorate: from the words on a quorum of cards of BOTH
groups, and the sealed items on paper (sealed sheets) or in a copy of vault.sqlite.

usage: python3 recover.py FILE...      (- is standard input; each file is known by what it holds)
  words  of cards, 33, or 44 with the check words; row letters and numbers may stand before them;
         an EMPTY LINE between two cards; a line that begins with # is passed over
  codes  the QUORATE1:I: and QUORATE1:H: lines of sealed sheets, as a scanner reads them, one a line
         (and, in place of a card's words, its QUORATE1:S: line)
  vault  vault.sqlite itself, instead of the codes

Needs Python 3.8 and PyNaCl (Debian: apt install python3-nacl). Use a computer that is on no network
and wipe it afterwards: the secrets are printed at the very end, on standard output. Exit: 0 all was
read and recovered, 1 not all, and it was said why. docs/recover-by-hand.md explains each step."""
import base64, hashlib, hmac, itertools, re, sqlite3, sys, time, urllib.parse
# SLIP-0039's 1024 words by their first four letters, which tell each from all others.
WORDS = """
acadacidacneacquacroactiactradapadeqadjuadmiadoraduladvaadvoafraagaiagenagreaideaircairlairpajaralaralbualcoaliealivalphalrealtoalumalwaamazambiamouamusanalanatanceanciangeangranimanswanteanxiaparaquaarcaarenarguarmeartiartwaspeauctauguauntaveraviaavoiawarawayaxisaxlebeambearbeavbecobedrbehabeinbelibelobenebestbeyobikebiolbirtbishblacblanblesblimblinbluebodyboltboribornbothbounbracbranbravbreabriebrokbrotbrowbuckbudgbuilbulbbulgbumpbundburdburnbusybuyecagecalccamecampcanycapacapicaptcarbcardcarecargcarpcarvcatecausceilcentcerachamchancharchecchemcheschewchubcineciviclasclaycleaclieclimclinclocclogclosclotclubcluscoalcoascodicolucompcorncostcouncourcovecowbcradcrafcrazcredcriccrimcriscritcrowcruccruncruscryscubicultcuricurlcustcylidaisdamadancdarkdatadaugdeaddealdebrdebudecedecidecldecodecrdelidemadensdenydepadepedepidepldescdesedesideskdestdetadetedevidevodiagdictdietdiledimidinidipldisadiscdisedishdismdispdistdivedivodocudomadomedomidougdowndragdramdreadresdrifdrindrovdrugdryeduckdukeduradwardynaearleartease
easyechoecliecoledgeediteduceithelboeldeelecelegelemelepelevelitelseemaiemeremisempeemphemplemptendiendlendoenemenerenfoengaenjoenlaentrenveenvyepidepisequaequieraserodescaestaestievalevenevidevilevokexacexamexceexchexclexcuexecexerexhaexotexpaexpeexplexprexteextreyebfacifactfailfainfakefalsfamifamofancfangfantfatafatifavofawnfibefictfiltfinafindfingfirefirmfiscfishfitnflamflasflavfleaflexflipfloaflorfluffocuforbforcforeforgformfortforwfounfracfragfreqfresfriafridfriefrosfrotfrozfumefundfurlfusegalagamegarbgardgarlgasogathgenegenigenrgenugeolgestgladglanglasglenglimgoatgoldgradgrangrasgravgraygreagriegrilgringrocgrosgrougrowgrumguarguesguilguitgumshairhamshandhangharvhavehavohawkhazaheadhealhearheathelpheraherdhesihoboholiholyhomehormhosphourhugehumahumihunthusbhushhuskhybrideaidenidleimagimpaimplimprimpuinclincoincrindeindiinduinfainfoinheinjuinmainseinsiinstinteintiinvainvoirisislaisolitemivorjackjerkjewejoinjudijuicjumpjuncjunijunkjuryjustkernkeybkidnkindkitcknifknitladeladlladylairlamplanglarglaselaunlaws
leadleaflearleavlectlegalegelegslendlenglevelibelibrliceliftlikelilalilylipsliqulistlitelivilizaloanlobelocalosiloudloyalucklunalunclungluxulyinlyrimachmagamaidmailmainmakemakimamamanamandmansmanumaramarcmarkmarvmasomatemathmaximayomeanmedamedimembmemomentmercmerimethmetrmidsmildmilimineminimiramixemixtmobimodemodimoismomemornmortmothmounmousmovemuchmulemultmuscmusemusimustnailnatineckneganervnetwnewsnuclnumbnumenylooasiobesobjeobseobtaoceaofteolymomitoraloranorbiordeordiorgaouncovenoverownepacepacipackpaidpainpajapancpantpapapapeparcparkpartpatepatrpaympayrpeacpeanpeaspecapenapencpercperfpermpetiphanpharphotphraphyspickpictpiecpilepinkpipepistpitcplaiplanplasplatplaypleaplotplunpracpraypreapredpregprempreppresprevprieprimprioprisprivprizprobprocprofprogpromprosprovprunpublpulspumppunipunypupapurcpurppythquanquarquicquieraceraciradarailrainraisrandrankrapiraspreacrealreboreburecarecerecoregrregurejerelaremeremiremorendreparepereplrequrescreseresirespresuretaretrreunreverevirewarhymrhytrichrivariverobirockroma
romprostrounroyaruinrulerumosacksafasalasalosaltsatisatosavesaysscanscarscatscenschosciescouscrascrescriscroseafseassecrsecusegmsenishadshafshamshapsharshelshershorshoushrisidesilesilvsimisimpsingsistskinskunslapslavsledslicslimslowslussmarsmeasmelsmirsmitsmoksmugsnaksnapsnifsocisoftsoldsolusoulsourspacsparspeaspecspelspenspewspidspilspinspirspitsprasprisquasquestadstafstanstarstatstaysteastepsticstilstorstrastristylsubjsubmsugasuitsunlsupesurfsurpsurvsweaswimswinswitsymbsympsyndsysttacktacttadptaletasktasttaugtaxiteacteamteastemptenatendtenstermtesttextthanthattheatheotherthorthrethumthunticktidytimbtimetingtofutogetoletotatoxitractraftraitrantrastravtreatrentriatrictriptriutroutruetrustwictwintypetypiuglyultiumbruncoundeunfaunfounhauniounivunkiunknunusunwrupgrupstuserusheusuavalivaluvampvanivarivegavelvventverdveriveryvetevexevictvideviewvintviolviravisivisuvitavocavoicvoluvotevotiwalnwarmwarnwatcwavywealweapwebcwelcwelfwestwidtwildwindwinewirewisdwithwitswolfwomaworkwortwrapwriswritwrotyearyelpyielyogazero
"""
PLACE = {four: number for number, four in enumerate(re.findall("....", WORDS))}
GENERATOR = (0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009,
             0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120)
troubles = []

def trouble(text):
    troubles.append(print(text, file=sys.stderr))

def rs1024(numbers):
    """SLIP-0039's checksum: 1 for a share that is as it should be."""
    r = 1
    for value in numbers:
        top, r = r >> 20, (r & 0xFFFFF) << 10 ^ value
        for i in range(10):
            r ^= GENERATOR[i] if top >> i & 1 else 0
    return r

def read_words(text):
    """The bits of a card's 33 words. ValueError says what is wrong with them, and where."""
    tokens = [token[:4] for token in re.findall("[a-z]+", text.lower()) if len(token) > 1]
    if len(tokens) not in (33, 44):
        raise ValueError(f"{len(tokens)} words; a card has 33 or 44, and an empty line behind it")
    width = len(tokens) // 11
    faults = [f"row {'ABCDEFGHIJK'[i // width]}, word {i % width + 1} is not in the list"
              for i, token in enumerate(tokens) if token not in PLACE]
    numbers = [PLACE.get(token, 0) for token in tokens]
    for row in range(11 if width == 4 and not faults else 0):
        check = row
        for power, word in enumerate(numbers[4 * row:4 * row + 3], 1):
            for _ in range(power):  # times x in GF(1024)
                word = word << 1 ^ (0x409 if word & 512 else 0)
            check ^= word
        if check != numbers[4 * row + 3]:
            faults.append(f"row {'ABCDEFGHIJK'[row]} does not fit its check word")
    words = [number for i, number in enumerate(numbers) if i % width < 3]
    if faults or rs1024(list(b"shamir_extendable") + words) != 1:
        raise ValueError("; ".join(faults) or "the checksum is wrong: words misread or out of place")
    return "".join(f"{word:010b}" for word in words)

def read_share(bits):
    """The fields of a share: its set, its group, its x, the threshold T, and 32 bytes y."""
    field = lambda at, width: int(bits[at:at + width], 2)
    if (field(15, 5), field(20, 4) >> 1, field(24, 8), field(40, 4)) != (16, 0, 0x11, 0):
        raise ValueError("a share of SLIP-0039, but of no Quorate vault")
    return {"set": field(0, 15), "group": field(20, 4), "x": field(32, 4), "T": field(36, 4) + 1,
            "y": field(44, 256).to_bytes(32, "big")}

EXP = [1]  # the powers of 3 in GF(256) modulo x^8 + x^4 + x^3 + x + 1, and their logarithms
while len(EXP) < 255:
    EXP.append(EXP[-1] << 1 ^ EXP[-1] ^ (0x11B if EXP[-1] & 128 else 0))
LOG = {value: power for power, value in enumerate(EXP)}

def interpolate(points, x):
    """The value at x of the polynomial through the points {x: bytes}."""
    result = bytes(32)
    for xi, yi in points.items():
        factor = sum(LOG[x ^ xj] - LOG[xi ^ xj] for xj in points if xj != xi)
        result = bytes(r ^ (EXP[(LOG[y] + factor) % 255] if y else 0) for r, y in zip(result, yi))
    return result

def combine(points):
    """The secret of exactly T shares, or None if they do not belong together."""
    if len(points) == 1:
        return next(iter(points.values()))
    secret, digest = interpolate(points, 255), interpolate(points, 254)
    return secret if hmac.digest(digest[4:], secret, "sha256")[:4] == digest[:4] else None

def decrypt(secret):
    """SLIP-0039's four rounds, without a passphrase, over both halves combined: the vault key."""
    left, right = secret[:16], secret[16:]
    for i in (3, 2, 1, 0):
        mask = hashlib.pbkdf2_hmac("sha256", bytes([i]), right, 2500, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, mask))
    return right + left

def subkey(key, n):
    return hashlib.blake2b(digest_size=32, key=key, salt=bytes([n]), person=b"quorate1").digest()

def fits(number, heads, use, *data):
    """Does one of the vaults publish this check of a half or key? Without any, all is believed."""
    return not heads or any(head[number] == hashlib.blake2b(
        b"".join((f"quorate/{use}/v1".encode(), head[0], *data)), digest_size=32).digest()
        for head in heads)

def read_text(text, name, shares, heads, items):
    for letter, body in re.findall(r"QUORATE1:([A-Z]):([A-Z2-7]*)", text):
        try:
            payload = base64.b32decode(body + "=" * (-len(body) % 8))
            size = int.from_bytes(payload[:2], "big")
            if letter == "H" and len(payload) == 111 and payload[0] == 1:
                heads.append((payload[1:15], payload[15:47], payload[47:79], payload[79:]))
            elif letter == "I" and payload[2:17] == b"quorate/item/v1" and len(payload) > size + 42:
                items.append((payload[2:2 + size], payload[2 + size:]))
            elif letter == "S" and len(payload) == 130:
                shares.append(read_share(f"{int.from_bytes(payload[24:66], 'big'):0336b}"[6:]))
            else:
                raise ValueError
        except ValueError:
            trouble(f"{name}: a QUORATE1:{letter}: code is broken or of no use; scan it again")
    text = re.sub(r"(?m)^.*QUORATE1:.*$|^\s*#.*$", "", text)
    for number, card in enumerate(filter(str.strip, re.split(r"\n[ \t\r]*\n", text)), 1):
        try:
            shares.append(read_share(read_words(card)))
        except ValueError as error:
            trouble(f"{name}, card {number}: {error}. Read that card again")

def read_vault(name, heads, items):
    db = sqlite3.connect(f"file:{urllib.parse.quote(name)}?mode=ro&immutable=1", uri=True)
    documents = {hashlib.sha256(body).hexdigest(): body
                 for (body,) in db.execute("SELECT body FROM document WHERE kind = 'item'")}
    vault = None
    for (body,) in db.execute("SELECT body FROM log_entry ORDER BY idx"):
        entry = dict(line.split(" ", 1) for line in body.decode().splitlines()[1:])
        vault = vault or entry.get("vault") or hashlib.sha256(b"\0" + body).hexdigest()[:24]
        if entry["event"] == "key-created":
            heads.append((bytes.fromhex(f"{vault}{int(entry['generation']):04x}"), *(bytes.fromhex(
                entry[k]) for k in ("key-check", "group-check-password", "group-check-mfa"))))
        elif entry["event"] in ("item-sealed", "item-deleted"):
            data = f"quorate/item/v1\nvault {vault}\n" + "".join(
                f"{key} {entry[key]}\n" for key in ("generation", "account", "kind", "serial"))
            item = (data.encode(), documents.get(entry["ciphertext"], b""))
            kept = [item] if entry["event"] == "item-sealed" else []
            items[:] = kept + [other for other in items if other != item]

def find_half(shares, group, heads):
    cards = {(s["x"], s["y"]): s for s in shares if s["group"] == group}.values()
    needed = max((s["T"] for s in cards), default=2)
    for quorum in itertools.combinations(cards, needed):
        half = combine({s["x"]: s["y"] for s in quorum})
        if half and fits(2 + group, heads, "group-check", bytes([group]), half):
            return half
    trouble(f"{('password', 'MFA')[group]} group: {len(cards)} good cards; needed are {needed}, "
            "of one edition, and of the vault that sealed these items")

def find_key(shares, heads):
    for number in sorted({share["set"] for share in shares}):
        mine = [share for share in shares if share["set"] == number]
        halves = {group: find_half(mine, group, heads) for group in (0, 1)}
        secret = all(halves.values()) and combine(halves)
        if secret and fits(1, heads, "key-check", subkey(decrypt(secret), 3)):
            return decrypt(secret)
    sys.exit("No vault key: bring a quorum of cards of BOTH groups of one vault. Nothing is shown.")

def show_totp(account, plain):
    """The otpauth URI of an MFA seed, as authenticators take it, and its code by this clock."""
    name, digits, period = f"SHA{(1, 256, 512)[plain[0] - 1]}", plain[1], plain[2] << 8 | plain[3]
    now, seed = int(time.time()), base64.b32encode(plain[6:]).decode().rstrip("=")
    mac = hmac.digest(plain[6:], (now // period).to_bytes(8, "big"), name)
    code = (int.from_bytes(mac[mac[-1] & 15:][:4], "big") & 0x7FFFFFFF) % 10 ** digits
    return (f"otpauth://totp/{account}?secret={seed}&algorithm={name}&digits={digits}"
            f"&period={period}\ncode {code:0{digits}} for {period - now % period} s more, if it is "
            f"{time.asctime(time.gmtime(now))} UTC")

def main(names):
    shares, heads, items, shown = [], [], [], []
    for name in names:
        data = (sys.stdin.buffer if name == "-" else open(name, "rb")).read()
        if data.startswith(b"SQLite format 3"):
            read_vault(name, heads, items)
        else:
            read_text(data.decode("utf-8", "replace"), name, shares, heads, items)
    if not items:
        sys.exit("No sealed items: give their sheets, or vault.sqlite." if names else __doc__)
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as unseal
    key = find_key(shares, heads)
    for data, sealed in dict(items).items():
        account, kind, serial = re.findall(r"(?m)^(?:account|kind|serial) (.*)$", data.decode())
        try:
            plain = unseal(sealed[24:], data, sealed[:24], subkey(key, 1)).rpartition(b"\x80")[0]
            text = show_totp(account, plain) if kind == "totp" else plain.decode()
            shown.append((account, kind, int(serial), text))
        except Exception:
            trouble(f"item {serial}, {kind} of {account}: lost, damaged, or of another key")
    for account, kind, serial, text in sorted(shown):
        print(f"account {account}, {kind} (item {serial}):\n  " + text.replace("\n", "\n  "))
    sys.exit(1 if troubles else 0)

if __name__ == "__main__":
    main(sys.argv[1:])
