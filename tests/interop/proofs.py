"""usage: proofs.py SIZES: the lines of proof_tool.c, by the recursive definitions of
RFC 6962, sections 2.1.1 and 2.1.2, and nothing but Python."""
import hashlib
import sys

NUMBER_BITS = 9


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    return 1 << (n - 1).bit_length() - 1


known = {}


def root(first, n):
    if (first, n) not in known:
        k = split(n)
        known[first, n] = node(root(first, k), root(first + k, n - k))
    return known[first, n]


def path(m, first, n):
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return path(m, first, k) + [root(first + k, n - k)]
    return path(m - k, first + k, n - k) + [root(first, k)]


def subproof(m, first, n, whole):
    if m == n:
        return [] if whole else [root(first, n)]
    k = split(n)
    if m <= k:
        return subproof(m, first, k, whole) + [root(first + k, n - k)]
    return subproof(m - k, first + k, n - k, False) + [root(first, k)]


class Short(Exception):
    pass


def take(proof):
    if not proof:
        raise Short
    return proof.pop()


def include(proof, m, n, leaf):
    if n == 1:
        return leaf
    k, sibling = split(n), take(proof)
    if m < k:
        return node(include(proof, m, k, leaf), sibling)
    return node(sibling, include(proof, m - k, n - k, leaf))


def continues(proof, m, n, old):
    """The roots of both trees; `old` is None where the proof has the node."""
    if m == n:
        same = take(proof) if old is None else old
        return same, same
    k, sibling = split(n), take(proof)
    if m <= k:
        first, second = continues(proof, m, k, old)
        return first, node(second, sibling)
    first, second = continues(proof, m - k, n - k, None)
    return node(sibling, first), node(sibling, second)


def holds(kind, proof, n, m, start, end):
    proof = list(proof)
    try:
        if kind == "I":
            return 0 <= m < n and include(proof, m, n, start) == end and not proof
        return 0 < m <= n and continues(proof, m, n, start) == (start, end) and not proof
    except Short:
        return False


def flipped(value, bit):
    value = bytearray(value)
    value[bit // 8 % 32] ^= 1 << bit % 8
    return bytes(value)


def judge(kind, proof, n, m, start, end):
    yield kind, proof, n, m, start, end
    for i, value in enumerate(proof):
        changed = proof[:i] + [flipped(value, n * 31 + m * 7 + i * 13)] + proof[i + 1:]
        yield kind, changed, n, m, start, end
    yield kind, proof, n, m, flipped(start, n + m), end
    yield kind, proof, n, m, start, flipped(end, n + m + 1)
    for bit in range(NUMBER_BITS):
        yield kind, proof, n, m ^ 1 << bit, start, end
    for bit in range(NUMBER_BITS):
        yield kind, proof, n ^ 1 << bit, m, start, end
    if proof:
        yield kind, proof[:-1], n, m, start, end
        yield kind, proof + proof[:1], n, m, start, end


def write(*asked):
    verdicts = "".join("1" if holds(*question) else "0" for question in judge(*asked))
    kind, proof, n, m, _, _ = asked
    print(kind, n, m, ",".join(value.hex() for value in proof) or "-", verdicts)


for size in range(1, int(sys.argv[1]) + 1):
    known[size - 1, 1] = hashlib.sha256(b"\0entry %d\n" % (size - 1)).digest()
    for index in range(size):
        write("I", path(index, 0, size), size, index, root(index, 1), root(0, size))
    for old in range(1, size + 1):
        write("C", subproof(old, 0, size, True), size, old, root(0, old), root(0, size))
