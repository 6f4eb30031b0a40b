#include "vault/apply.h"

#include "base/text.h"
#include <string.h>

struct applying {
    struct qrt_state *state;
    const struct qrt_entry *entry;
    struct qrt_faults *faults;
    bool no_memory;
};

#define FAULT(a, ...) qrt_faults_add((a)->faults, (a)->entry->index, (a)->entry->epoch, __VA_ARGS__)

static void *add_row(struct applying *a, struct qrt_rows *rows, size_t row_bytes)
{
    void *row = qrt_state_add_row(rows, row_bytes);
    a->no_memory = a->no_memory || row == NULL;
    return row;
}

/* A value, unescaped, into a fixed text; what is longer is a fault. */
static void take_text(struct applying *a, const char *key, char *out, size_t size_bytes)
{
    QRT_BUF text = {0};
    out[0] = '\0';
    if (!qrt_entry_text(a->entry, key, &text)) {
        return;
    }
    a->no_memory = a->no_memory || text.failed;
    if (text.len_bytes >= size_bytes) {
        FAULT(a, "%s is longer than %zu bytes", key, size_bytes - 1);
        return;
    }
    memcpy(out, qrt_buf_str(&text), text.len_bytes + 1);
}

static int64_t take_number(const struct applying *a, const char *key)
{
    uint64_t value = 0;
    return qrt_entry_u64(a->entry, key, &value) && value <= INT64_MAX ? (int64_t)value : 0;
}

static void name_document(struct applying *a, const char *key)
{
    uint8_t digest[QRT_HASH_BYTES];
    if (qrt_entry_digest(a->entry, key, digest)) {
        uint8_t *row = add_row(a, &a->state->documents, QRT_HASH_BYTES);
        if (row != NULL) {
            memcpy(row, digest, sizeof digest);
        }
    }
}

/* The next word of a space-separated value. */
static bool next_word(struct qrt_span *rest, char *out, size_t size_bytes)
{
    size_t n = 0;
    while (n < rest->len_bytes && rest->data[n] != ' ') {
        n++;
    }
    bool fits = n > 0 && qrt_span_copy(out, size_bytes, (struct qrt_span){rest->data, n});
    if (n < rest->len_bytes) {
        n++;
    }
    rest->data += n;
    rest->len_bytes -= n;
    return fits;
}

static void add_badge(struct applying *a, const char *person, const char *vkey)
{
    struct qrt_state *state = a->state;
    struct qrt_badge_row *badge = add_row(a, &state->badges, sizeof *badge);
    if (badge == NULL) {
        return;
    }
    badge->dirty = true;
    badge->voided = QRT_NEVER;
    badge->issued = (int64_t)a->entry->index;
    memcpy(badge->person, person, strlen(person) + 1);
    char name[QRT_KEY_NAME_MAX_CHARS + 2];
    size_t origin_len = strlen(state->origin);
    memcpy(name, state->origin, origin_len);
    name[origin_len] = '/';
    memcpy(name + origin_len + 1, person, strlen(person) + 1);
    if (qrt_vkey_parse(&badge->key, vkey, strlen(vkey), NULL) != QRT_OK ||
        badge->key.type != QRT_KEY_TYPE_COSIGN || strcmp(badge->key.name, name) != 0) {
        FAULT(a, "the badge of %s has no key of that name", person);
        return;
    }
    memcpy(badge->vkey, vkey, strlen(vkey) + 1);
}

/* `id roles vkey` */
static void genesis_person(struct applying *a, struct qrt_span value)
{
    struct qrt_person *person = add_row(a, &a->state->people, sizeof *person);
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    if (person == NULL) {
        return;
    }
    person->dirty = true;
    person->gone = QRT_NEVER;
    if (!next_word(&value, person->id, sizeof person->id) || !qrt_text_is_id(person->id) ||
        !next_word(&value, person->roles, sizeof person->roles) ||
        !next_word(&value, vkey, sizeof vkey) || value.len_bytes != 0) {
        FAULT(a, "a person is not written as: id roles key");
        return;
    }
    add_badge(a, person->id, vkey);
}

/* `name T ids` */
static void take_group(struct applying *a, struct qrt_span value)
{
    char name[QRT_WORD_BYTES];
    char threshold[4];
    enum qrt_group group;
    uint64_t t;
    if (!next_word(&value, name, sizeof name) || !qrt_group_parse(&group, name) ||
        !next_word(&value, threshold, sizeof threshold) ||
        !qrt_text_u64(threshold, strlen(threshold), QRT_GROUP_MEMBERS_MAX, &t)) {
        FAULT(a, "a group is not written as: name threshold ids");
        return;
    }
    struct qrt_group_rule *rule = &a->state->groups[group];
    *rule = (struct qrt_group_rule){.threshold = (unsigned)t};
    while (value.len_bytes > 0 && rule->count < QRT_GROUP_MEMBERS_MAX) {
        size_t n = 0;
        while (n < value.len_bytes && value.data[n] != ',') {
            n++;
        }
        if (!qrt_span_copy(rule->ids[rule->count], sizeof rule->ids[0],
                           (struct qrt_span){value.data, n}) ||
            !qrt_text_is_id(rule->ids[rule->count]) || n + 1 == value.len_bytes) {
            break;
        }
        rule->count++;
        n += n < value.len_bytes ? 1 : 0;
        value.data += n;
        value.len_bytes -= n;
    }
    if (value.len_bytes > 0 || t == 0 || t > rule->count) {
        FAULT(a, "group %s: %llu of %u", name, (unsigned long long)t, rule->count);
    }
}

static void take_policy(struct applying *a)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span ignored;
    (void)qrt_entry_digest(a->entry, "policy", a->state->policy_digest);
    name_document(a, "policy");
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "group")) {
            take_group(a, cursor.value);
        }
    }
    a->state->cosignatures = (unsigned)take_number(a, "cosignatures");
    a->state->second_person = qrt_entry_get(a->entry, "second", &ignored);
    const struct qrt_group_rule *groups = a->state->groups;
    for (unsigned i = 0; i < groups[0].count; i++) {
        for (unsigned j = 0; j < groups[1].count; j++) {
            if (strcmp(groups[0].ids[i], groups[1].ids[j]) == 0) {
                FAULT(a, "%s stands in both groups", groups[0].ids[i]);
            }
        }
    }
}

static void apply_genesis(struct applying *a)
{
    struct qrt_entry_cursor cursor = {0};
    struct qrt_span ignored;
    (void)qrt_span_copy(a->state->origin, sizeof a->state->origin, a->entry->origin);
    uint8_t leaf[QRT_HASH_BYTES];
    qrt_sha256_prefixed(leaf, 0, a->entry->text.data, a->entry->text.len_bytes);
    memcpy(a->state->vault_id, leaf, sizeof a->state->vault_id);
    a->state->practice = qrt_entry_get(a->entry, "practice", &ignored);
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "person")) {
            genesis_person(a, cursor.value);
        }
    }
    take_policy(a);
    if (a->state->second_person) {
        a->state->epoch.badges = 2;
    }
}

static void apply_badge_issued(struct applying *a)
{
    char person[QRT_ID_CHARS + 1];
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    take_text(a, "person", person, sizeof person);
    take_text(a, "vkey", vkey, sizeof vkey);
    name_document(a, "stored");
    struct qrt_badge_row *badge = NULL;
    for (size_t i = 0; i < a->state->badges.len; i++) {
        struct qrt_badge_row *row = QRT_ROW(a->state, badges, qrt_badge_row, i);
        if (strcmp(row->vkey, vkey) == 0 && strcmp(row->person, person) == 0) {
            badge = row;
        }
    }
    if (a->entry->epoch > 0 && badge == NULL) {
        if (qrt_state_badge(a->state, person) != NULL) {
            FAULT(a, "%s holds a badge already", person);
        }
        add_badge(a, person, vkey);
        badge = QRT_ROW(a->state, badges, qrt_badge_row, a->state->badges.len - 1);
        a->state->epoch.badges = 2;
    } else if (badge == NULL) {
        FAULT(a, "the badge of %s is not the one of the genesis", person);
        return;
    }
    badge->dirty = true;
    (void)qrt_entry_digest(a->entry, "stored", badge->stored);
}

static void apply_intent(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_ceremony *row = add_row(a, &state->ceremonies, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->outcome = QRT_NEVER;
    row->intent = (int64_t)a->entry->index;
    take_text(a, "ceremony", row->name, sizeof row->name);
    take_text(a, "account", row->account, sizeof row->account);
    (void)qrt_span_copy(row->actor, sizeof row->actor, a->entry->actor);
    state->quorum_open = true;
    memset(state->accepted_len, 0, sizeof state->accepted_len);
    state->shows_len = 0;
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "show") &&
            state->shows_len < sizeof state->shows / sizeof state->shows[0]) {
            (void)qrt_span_copy(state->shows[state->shows_len++], sizeof state->shows[0],
                                cursor.value);
        }
    }
}

/* The ceremony that an entry's `intent` names: the last one, still open. */
static struct qrt_ceremony *open_ceremony(struct applying *a)
{
    struct qrt_rows *rows = &a->state->ceremonies;
    struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    if (last == NULL || last->outcome != QRT_NEVER || last->intent != take_number(a, "intent")) {
        FAULT(a, "no such intent is open");
        return NULL;
    }
    return last;
}

static struct qrt_card_row *card_of(struct applying *a)
{
    uint64_t serial = 0;
    (void)qrt_entry_u64(a->entry, "serial", &serial);
    if (serial == 0 || serial > a->state->cards.len) {
        FAULT(a, "there is no card %llu", (unsigned long long)serial);
        return NULL;
    }
    return QRT_ROW(a->state, cards, qrt_card_row, serial - 1);
}

static void apply_card_accepted(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_card_row *card = card_of(a);
    enum qrt_group group;
    if (card == NULL || open_ceremony(a) == NULL || !qrt_group_parse(&group, card->group_name)) {
        return;
    }
    const struct qrt_edition *edition = qrt_state_edition(state, group);
    const struct qrt_key_row *key = qrt_state_key(state);
    if (card->voided != QRT_NEVER || key == NULL || edition == NULL ||
        card->generation != key->generation || card->edition != edition->edition) {
        FAULT(a, "card %lld is not a live one", (long long)card->serial);
        return;
    }
    for (unsigned i = 0; i < state->accepted_len[group]; i++) {
        if (strcmp(state->accepted[group][i], card->custodian) == 0) {
            FAULT(a, "a second card of %s", card->custodian);
            return;
        }
    }
    if (state->accepted_len[group] < QRT_GROUP_MEMBERS_MAX) {
        memcpy(state->accepted[group][state->accepted_len[group]++], card->custodian,
               sizeof card->custodian);
    }
}

static bool has_quorum(const struct qrt_state *state)
{
    for (int group = 0; group < QRT_GROUPS; group++) {
        unsigned threshold = state->groups[group].threshold;
        if (threshold == 0 || state->accepted_len[group] < threshold) {
            return false;
        }
    }
    return true;
}

static void apply_outcome(struct applying *a)
{
    struct qrt_ceremony *ceremony = open_ceremony(a);
    if (ceremony == NULL) {
        return;
    }
    ceremony->dirty = true;
    ceremony->outcome = (int64_t)a->entry->index;
    take_text(a, "result", ceremony->result, sizeof ceremony->result);
    bool done = strcmp(ceremony->result, "done") == 0;
    if (done && strcmp(ceremony->name, "open") == 0 && !has_quorum(a->state)) {
        FAULT(a, "an opening without a quorum of both groups");
    }
    if (strcmp(ceremony->name, "found") == 0 && strcmp(ceremony->result, "abandoned") == 0) {
        a->state->epoch.abandoned = true;
    }
    a->state->quorum_open = false;
}

static void apply_secret_shown(struct applying *a)
{
    const struct qrt_rows *rows = &a->state->ceremonies;
    const struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    char account[QRT_ID_CHARS + 1];
    char what[QRT_WORD_BYTES];
    take_text(a, "account", account, sizeof account);
    take_text(a, "what", what, sizeof what);
    bool asked = false;
    for (size_t i = 0; i < a->state->shows_len; i++) {
        asked = asked || strcmp(a->state->shows[i], what) == 0;
    }
    if (last == NULL || last->intent != take_number(a, "intent") ||
        strcmp(last->name, "open") != 0 || strcmp(last->result, "done") != 0 ||
        strcmp(last->account, account) != 0 || !asked) {
        FAULT(a, "a secret shown that no opening gave");
    }
}

static void apply_key_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_key_row *former = qrt_state_key(state);
    int64_t generation = take_number(a, "generation");
    const struct qrt_ceremony *ceremony = qrt_state_unfinished(state);
    bool founding = former == NULL && ceremony != NULL && strcmp(ceremony->name, "found") == 0;
    if (!founding || generation != 1) {
        FAULT(a, "a vault key is created by a founding, once");
    }
    struct qrt_key_row *row = add_row(a, &state->keys, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->generation = generation;
    row->identifier = take_number(a, "identifier");
    (void)qrt_entry_digest(a->entry, "key-check", row->key_check);
    (void)qrt_entry_digest(a->entry, "group-check-password", row->group_check[0]);
    (void)qrt_entry_digest(a->entry, "group-check-mfa", row->group_check[1]);
    (void)qrt_entry_digest(a->entry, "deposit-key", row->deposit_key);
    (void)qrt_entry_digest(a->entry, "recovery-key", row->recovery_key);
    (void)qrt_entry_digest(a->entry, "authority-key", row->authority_key);
    state->epoch.key_created = true;
}

static void apply_edition_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    char name[QRT_WORD_BYTES];
    enum qrt_group group;
    take_text(a, "group", name, sizeof name);
    if (!qrt_group_parse(&group, name)) {
        FAULT(a, "there is no such group");
        return;
    }
    const struct qrt_edition *former = qrt_state_edition(state, group);
    int64_t number = take_number(a, "edition");
    if (!state->epoch.key_created || key == NULL || former != NULL || number != 1 ||
        take_number(a, "generation") != key->generation ||
        take_number(a, "threshold") != (int64_t)state->groups[group].threshold) {
        FAULT(a, "an edition that nothing gives the right to");
    }
    struct qrt_edition *row = add_row(a, &state->editions, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->generation = take_number(a, "generation");
    memcpy(row->group_name, name, sizeof name);
    row->edition = number;
    row->threshold = take_number(a, "threshold");
    (void)qrt_entry_digest(a->entry, "issuing-key", row->issuing_key);
}

static bool group_has(const struct qrt_group_rule *rule, const char *id)
{
    for (unsigned i = 0; i < rule->count; i++) {
        if (strcmp(rule->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void apply_card_created(struct applying *a)
{
    struct qrt_state *state = a->state;
    enum qrt_group group;
    struct qrt_card_row *row = add_row(a, &state->cards, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->issued = row->proved = row->voided = row->destroyed = QRT_NEVER;
    row->serial = take_number(a, "serial");
    row->generation = take_number(a, "generation");
    row->edition = take_number(a, "edition");
    row->member_index = take_number(a, "member-index");
    take_text(a, "group", row->group_name, sizeof row->group_name);
    take_text(a, "custodian", row->custodian, sizeof row->custodian);
    (void)qrt_entry_digest(a->entry, "commitment", row->commitment);
    if (!qrt_group_parse(&group, row->group_name)) {
        FAULT(a, "there is no such group");
        return;
    }
    const struct qrt_edition *edition = qrt_state_edition(state, group);
    if (edition == NULL || edition->generation != row->generation ||
        edition->edition != row->edition || !state->epoch.key_created) {
        FAULT(a, "card %lld belongs to no edition of this commit", (long long)row->serial);
        return;
    }
    memcpy(row->issuing_key, edition->issuing_key, sizeof row->issuing_key);
    if ((size_t)row->serial != state->cards.len || row->member_index > 15 ||
        !group_has(&state->groups[group], row->custodian)) {
        FAULT(a, "card %lld: its serial, member index or custodian is wrong",
              (long long)row->serial);
    }
}

static void apply_card_event(struct applying *a, size_t offset)
{
    struct qrt_card_row *card = card_of(a);
    if (card != NULL) {
        int64_t index = (int64_t)a->entry->index;
        memcpy((char *)card + offset, &index, sizeof index);
        card->dirty = true;
    }
}

static void apply_card_voided(struct applying *a)
{
    apply_card_event(a, offsetof(struct qrt_card_row, voided));
    if (!a->state->epoch.abandoned) {
        a->state->epoch.badges = 2;
    }
}

static void apply_account_added(struct applying *a)
{
    struct qrt_state *state = a->state;
    char id[QRT_ID_CHARS + 1];
    take_text(a, "account", id, sizeof id);
    if (qrt_state_account(state, id) != NULL) {
        FAULT(a, "account %s is there already", id);
        return;
    }
    struct qrt_account *row = add_row(a, &state->accounts, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->closed = QRT_NEVER;
    memcpy(row->id, id, sizeof id);
    take_text(a, "name", row->name, sizeof row->name);
    take_text(a, "email", row->email, sizeof row->email);
    a->no_memory = !qrt_state_index_account(state) || a->no_memory;
}

static void apply_item_sealed(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_item_row *row = add_row(a, &state->items, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->confirmed = row->superseded = QRT_NEVER;
    row->sealed = (int64_t)a->entry->index;
    row->serial = take_number(a, "serial");
    row->generation = take_number(a, "generation");
    take_text(a, "account", row->account, sizeof row->account);
    take_text(a, "kind", row->kind, sizeof row->kind);
    (void)qrt_entry_digest(a->entry, "ciphertext", row->ciphertext);
    name_document(a, "ciphertext");
    if ((size_t)row->serial != state->items.len || qrt_state_account(state, row->account) == NULL ||
        !state->epoch.key_created) {
        FAULT(a, "item %lld: its serial, account or right is wrong", (long long)row->serial);
    }
}

static void apply_confirmed(struct applying *a)
{
    uint64_t serial = 0;
    (void)qrt_entry_u64(a->entry, "serial", &serial);
    if (serial == 0 || serial > a->state->items.len) {
        FAULT(a, "there is no item %llu", (unsigned long long)serial);
        return;
    }
    struct qrt_item_row *item = QRT_ROW(a->state, items, qrt_item_row, serial - 1);
    item->confirmed = (int64_t)a->entry->index;
    item->dirty = true;
}

static void apply_evidence(struct applying *a)
{
    uint8_t *row = add_row(a, &a->state->evidence, QRT_HASH_BYTES);
    if (row != NULL) {
        (void)qrt_entry_digest(a->entry, "evidence", row);
    }
}

/* Who appends holds an operator's live badge, and will have cosigned. */
static void note_actor(struct applying *a)
{
    struct qrt_epoch_rule *epoch = &a->state->epoch;
    char actor[QRT_ID_CHARS + 1];
    if (!qrt_span_copy(actor, sizeof actor, a->entry->actor) ||
        !qrt_state_has_role(a->state, actor, "operator") ||
        qrt_state_badge(a->state, actor) == NULL) {
        FAULT(a, "the actor is no operator with a badge");
        return;
    }
    for (size_t i = 0; i < epoch->actors_len; i++) {
        if (strcmp(epoch->actors[i], actor) == 0) {
            return;
        }
    }
    if (epoch->actors_len == sizeof epoch->actors / sizeof epoch->actors[0]) {
        FAULT(a, "too many actors in one epoch");
        return;
    }
    memcpy(epoch->actors[epoch->actors_len++], actor, sizeof actor);
}

static void apply_event(struct applying *a)
{
    switch (a->entry->event->id) {
    case QRT_EV_GENESIS:
        apply_genesis(a);
        break;
    case QRT_EV_SESSION_OPENED:
        a->state->session_open = true;
        break;
    case QRT_EV_SESSION_CLOSED:
        a->state->session_open = false;
        name_document(a, "minutes");
        break;
    case QRT_EV_BADGE_ISSUED:
        apply_badge_issued(a);
        break;
    case QRT_EV_INTENT:
        apply_intent(a);
        break;
    case QRT_EV_OUTCOME:
        apply_outcome(a);
        break;
    case QRT_EV_KEY_CREATED:
        apply_key_created(a);
        break;
    case QRT_EV_EDITION_CREATED:
        apply_edition_created(a);
        break;
    case QRT_EV_CARD_CREATED:
        apply_card_created(a);
        break;
    case QRT_EV_CARD_ISSUED:
        apply_card_event(a, offsetof(struct qrt_card_row, issued));
        break;
    case QRT_EV_CARD_PROVED:
        apply_card_event(a, offsetof(struct qrt_card_row, proved));
        break;
    case QRT_EV_CARD_ACCEPTED:
        apply_card_accepted(a);
        break;
    case QRT_EV_CARD_VOIDED:
        apply_card_voided(a);
        break;
    case QRT_EV_CARD_DESTROYED:
        apply_card_event(a, offsetof(struct qrt_card_row, destroyed));
        break;
    case QRT_EV_ACCOUNT_ADDED:
        apply_account_added(a);
        break;
    case QRT_EV_ITEM_SEALED:
        apply_item_sealed(a);
        break;
    case QRT_EV_CREDENTIAL_CONFIRMED:
        apply_confirmed(a);
        break;
    case QRT_EV_SECRET_SHOWN:
        apply_secret_shown(a);
        break;
    case QRT_EV_EVIDENCE_ATTACHED:
        apply_evidence(a);
        break;
    case QRT_EV_CHECKPOINT_KEY:
    case QRT_EV_EXCEPTION:
    case QRT_EV_CARD_REFUSED:
    case QRT_EV_SECRET_HIDDEN:
        break;
    default:
        /* No command of this version writes it, so no rule allows it yet. */
        FAULT(a, "%s: no rule of this version allows it", a->entry->event->name);
    }
}

enum qrt_code qrt_state_apply(struct qrt_state *state, const struct qrt_entry *entry,
                              struct qrt_faults *faults, struct qrt_err *err)
{
    struct applying a = {.state = state, .entry = entry, .faults = faults};
    apply_event(&a);
    state->epoch.last_index = entry->index;
    note_actor(&a);
    return a.no_memory ? qrt_fail(err, QRT_E_NOMEM, "the views of the log") : QRT_OK;
}

/* Does a live badge of that person stand under the note? */
static bool has_cosigned(const struct qrt_state *state, const char *person,
                         const struct qrt_note *note)
{
    const struct qrt_badge_row *badge = qrt_state_badge(state, person);
    return badge != NULL && qrt_note_verify(note, &badge->key, NULL);
}

void qrt_state_seal(struct qrt_state *state, uint64_t epoch_number, const struct qrt_note *note,
                    struct qrt_faults *faults)
{
    struct qrt_epoch_rule *epoch = &state->epoch;
    for (size_t i = 0; note != NULL && i < epoch->actors_len; i++) {
        if (!has_cosigned(state, epoch->actors[i], note)) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the checkpoint lacks the cosignature of %s, who acted",
                           epoch->actors[i]);
        }
    }
    if (note != NULL && epoch->badges > 1 && !state->practice) {
        unsigned have = 0;
        for (size_t i = 0; i < state->people.len; i++) {
            const char *id = QRT_ROW(state, people, qrt_person, i)->id;
            have += has_cosigned(state, id, note) ? 1 : 0;
        }
        if (have < epoch->badges) {
            qrt_faults_add(faults, epoch->last_index, epoch_number,
                           "the act needs the badges of two people, and %u cosigned", have);
        }
    }
    uint64_t last_index = epoch->last_index;
    *epoch = (struct qrt_epoch_rule){.last_index = last_index};
}
