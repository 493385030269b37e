/* Drawing an outline and counting what two have in common: the inner loops of comparing.
 *
 * packing.py and counting.py say the same in NumPy and are used where this was not compiled; tests hold the two
 * against each other, value for value. All arithmetic is on whole numbers, so that there is nothing to round.
 * The layout of an outline is packing.py's; an outline made by this process is trusted, its size is checked.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS, FLAGS, BODY, PHRASES, LEAD, SEEDS, PLACES, VOCABULARY, OPENING, NUMBERS, NAMES, TITLE, PARTS };
enum { NUMBER = 1, CAPITAL = 2, NEGATION = 32, CALENDAR = 64 };
enum { BODY_WIDTH = 5, LEAD_WIDTH = 3, LEAD_WORDS = 70, SEED = 4 };
enum { BRIDGE = 6, LEAST_RUN = 6, MOST_RUNS = 4000, MOST_PARTNERS = 8, SUBSTITUTION = 24, EDIT = 4 };
#define ANY_NUMBER UINT32_C(0x0A0B0C0D)
#define MOST_WORDS (INT32_MAX / 16)

/* ------------------------------------------------------------------------------------------------ hashing, sorting */

static uint32_t mix(uint64_t value) {
    value ^= value >> 33;
    value *= UINT64_C(0xFF51AFD7ED558CCD);
    value ^= value >> 33;
    return (uint32_t)(value >> 32);
}

static size_t shingles(const uint32_t *words, size_t count, size_t width, uint32_t *into) {
    if (count < width) return 0;
    size_t made = count - width + 1;
    for (size_t at = 0; at < made; at++) {
        uint64_t total = words[at];
        for (size_t step = 1; step < width; step++)
            total = total * UINT64_C(0xD6E8FEB86659FD93) + words[at + step];
        into[at] = mix(total);
    }
    return made;
}

/* By the upper half; equal ones keep their order. Returns where the sorted keys are: in keys or in spare. */
static uint64_t *sort(uint64_t *keys, size_t count, uint64_t *spare) {
    if (count < 48) {
        for (size_t at = 1; at < count; at++) {
            uint64_t key = keys[at];
            size_t to = at;
            for (; to && keys[to - 1] >> 32 > key >> 32; to--) keys[to] = keys[to - 1];
            keys[to] = key;
        }
        return keys;
    }
    uint32_t tally[4][256];
    memset(tally, 0, sizeof tally);
    for (size_t at = 0; at < count; at++)
        for (int digit = 0; digit < 4; digit++) tally[digit][keys[at] >> (32 + 8 * digit) & 255]++;
    for (int digit = 0; digit < 4; digit++) {
        uint32_t before = 0;
        for (int value = 0; value < 256; value++) {
            uint32_t here = tally[digit][value];
            tally[digit][value] = before;
            before += here;
        }
        for (size_t at = 0; at < count; at++) spare[tally[digit][keys[at] >> (32 + 8 * digit) & 255]++] = keys[at];
        uint64_t *other = keys;
        keys = spare;
        spare = other;
    }
    return keys;
}

typedef struct {
    uint64_t *keys, *spare;
} Desk; /* Room for sorting. */

static size_t distinct(const uint32_t *values, size_t count, uint32_t *into, Desk desk) {
    for (size_t at = 0; at < count; at++) desk.keys[at] = (uint64_t)values[at] << 32;
    const uint64_t *sorted = sort(desk.keys, count, desk.spare);
    size_t made = 0;
    for (size_t at = 0; at < count; at++) {
        uint32_t value = (uint32_t)(sorted[at] >> 32);
        if (!made || into[made - 1] != value) into[made++] = value;
    }
    return made;
}

static size_t flagged(const uint32_t *words, const uint8_t *flags, size_t count, int flag, uint32_t *into, Desk desk) {
    size_t made = 0;
    for (size_t at = 0; at < count; at++)
        if (flags[at] & flag) into[made++] = words[at];
    return distinct(into, made, into, desk);
}

/* ------------------------------------------------------------------------------------------------ pack */

static PyObject *pack(PyObject *self, PyObject *args) {
    Py_buffer words_given, flags_given, title_given;
    if (!PyArg_ParseTuple(args, "y*y*y*", &words_given, &flags_given, &title_given)) return NULL;
    PyObject *packed = NULL;
    uint32_t *out = NULL, *scratch = NULL;
    uint64_t *keys = NULL;
    size_t count = (size_t)flags_given.len, titled = (size_t)title_given.len / 4;
    if (words_given.len != 4 * flags_given.len || count > MOST_WORDS || titled > MOST_WORDS) {
        PyErr_SetString(PyExc_ValueError, "a flag for each word is needed");
        goto end;
    }
    size_t most = count > titled ? count : titled, lead = count < LEAD_WORDS ? count : LEAD_WORDS;
    out = malloc(4 * (PARTS + 8 * count + count / 4 + 1 + 2 * LEAD_WORDS + titled));
    scratch = malloc(4 * (2 * most + 1));
    keys = malloc(16 * (most + 1));
    if (!out || !scratch || !keys) {
        PyErr_NoMemory();
        goto end;
    }
    Desk desk = {keys, keys + most};
    uint32_t *made = scratch + most, *to = out + PARTS;
    if (count) memcpy(to, words_given.buf, 4 * count);
    const uint32_t *words = to;
    out[WORDS] = (uint32_t)((to += count) - out);
    const uint8_t *flags = (const uint8_t *)to;
    size_t filled = (count + 3) / 4;
    if (filled) to[filled - 1] = 0;
    if (count) memcpy(to, flags_given.buf, count);
    out[FLAGS] = (uint32_t)((to += filled) - out);
    size_t body = shingles(words, count, BODY_WIDTH, made);
    to += distinct(made, body, to, desk);
    out[BODY] = (uint32_t)(to - out);
    size_t phrases = shingles(words, count, LEAD_WIDTH, made);
    to += distinct(made, phrases, to, desk);
    out[PHRASES] = (uint32_t)(to - out);
    size_t in_lead = lead < LEAD_WIDTH ? 0 : lead - LEAD_WIDTH + 1;
    if (in_lead) memcpy(to, made, 4 * in_lead);
    out[LEAD] = (uint32_t)((to += in_lead) - out);
    for (size_t at = 0; at < count; at++) scratch[at] = flags[at] & NUMBER ? ANY_NUMBER : words[at];
    size_t seeds = shingles(scratch, count, SEED, made);
    for (size_t at = 0; at < seeds; at++) keys[at] = (uint64_t)made[at] << 32 | at;
    const uint64_t *ranked = sort(keys, seeds, desk.spare);
    for (size_t at = 0; at < seeds; at++) {
        to[at] = (uint32_t)(ranked[at] >> 32);
        to[seeds + at] = (uint32_t)ranked[at];
    }
    out[SEEDS] = (uint32_t)((to += seeds) - out);
    out[PLACES] = (uint32_t)((to += seeds) - out);
    out[VOCABULARY] = (uint32_t)((to += distinct(words, count, to, desk)) - out);
    out[OPENING] = (uint32_t)((to += distinct(words, lead, to, desk)) - out);
    out[NUMBERS] = (uint32_t)((to += flagged(words, flags, count, NUMBER, to, desk)) - out);
    out[NAMES] = (uint32_t)((to += flagged(words, flags, count, CAPITAL, to, desk)) - out);
    if (titled) memcpy(scratch, title_given.buf, 4 * titled);
    out[TITLE] = (uint32_t)((to += distinct(scratch, titled, to, desk)) - out);
    packed = PyBytes_FromStringAndSize((const char *)out, 4 * (to - out));
end:
    free(out);
    free(scratch);
    free(keys);
    PyBuffer_Release(&words_given);
    PyBuffer_Release(&flags_given);
    PyBuffer_Release(&title_given);
    return packed;
}

/* ------------------------------------------------------------------------------------------------ two outlines */

typedef struct {
    const uint32_t *part[PARTS];
    size_t size[PARTS];
    const uint8_t *flags;
    size_t words;
    uint8_t *in; /* Words that stand in a run and are equal on both sides. */
} Side;

typedef struct {
    uint32_t a_start, a_end, b_start, b_end;
} Run;

typedef struct {
    Run *runs, *gaps;
    size_t run_count, gap_count;
} Alignment;

static int open_side(Side *side, const Py_buffer *given) {
    const uint32_t *packed = given->buf;
    size_t size = (size_t)given->len / 4, before = PARTS;
    if (size < PARTS || (uintptr_t)packed % 4) goto unfit;
    for (int part = 0; part < PARTS; part++) {
        if (packed[part] < before || packed[part] > size) goto unfit;
        side->part[part] = packed + before;
        side->size[part] = packed[part] - before;
        before = packed[part];
    }
    side->words = side->size[WORDS];
    side->flags = (const uint8_t *)side->part[FLAGS];
    if (side->size[FLAGS] != (side->words + 3) / 4 || side->size[SEEDS] != side->size[PLACES]) goto unfit;
    return 0;
unfit:
    PyErr_SetString(PyExc_ValueError, "not an outline");
    return -1;
}

static uint32_t form(const Side *side, size_t at) {
    return side->flags[at] & NUMBER ? ANY_NUMBER : side->part[WORDS][at];
}

/* Pairs of places with one seed, in order of the first text: counted where into is NULL. */
static size_t pairs(const uint32_t *low, const uint8_t *many, size_t count, const uint32_t *places, uint64_t *into) {
    size_t made = 0;
    for (size_t at = 0; at < count; at++)
        for (size_t step = 0; step < many[at]; step++, made++)
            if (into) into[made] = (uint64_t)at << 32 | places[low[at] + step];
    return made;
}

typedef struct {
    uint32_t length, start, order;
    int64_t shift;
} Stretch;

static int longest_first(const void *one, const void *other) {
    const Stretch *x = one, *y = other;
    if (x->length != y->length) return x->length > y->length ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int in_order(const void *one, const void *other) {
    const uint32_t *x = one, *y = other;
    for (int at = 0; at < 4; at++)
        if (x[at] != y[at]) return x[at] < y[at] ? -1 : 1;
    return 0;
}

/* Stretches of single diagonals; pairs come in order of the first text. */
static size_t stretches_of(const uint64_t *pair, size_t count, size_t words_a, size_t words_b, uint32_t *tally,
                           uint64_t *sorted, Stretch *into) {
    memset(tally, 0, 4 * (words_a + words_b + 1));
    for (size_t at = 0; at < count; at++) tally[(uint32_t)pair[at] + words_a - (pair[at] >> 32)]++;
    uint32_t before = 0;
    for (size_t diagonal = 0; diagonal <= words_a + words_b; diagonal++) {
        uint32_t here = tally[diagonal];
        tally[diagonal] = before;
        before += here;
    }
    for (size_t at = 0; at < count; at++)
        sorted[tally[(uint32_t)pair[at] + words_a - (pair[at] >> 32)]++] = pair[at];
    size_t made = 0;
    for (size_t first = 0; first < count;) {
        int64_t start = (int64_t)(sorted[first] >> 32), shift = (int64_t)(uint32_t)sorted[first] - start, last = start;
        size_t next = first + 1;
        for (; next < count; next++) {
            int64_t place = (int64_t)(sorted[next] >> 32);
            if ((int64_t)(uint32_t)sorted[next] - place != shift || place - last > BRIDGE + SEED) break;
            last = place;
        }
        first = next;
        uint32_t length = (uint32_t)(last + SEED - start);
        if (length >= LEAST_RUN) {
            into[made] = (Stretch){length, (uint32_t)start, (uint32_t)made, shift};
            made++;
        }
    }
    qsort(into, made, sizeof *into, longest_first);
    return made;
}

/* The longest part of a stretch that no earlier, longer one has taken on either side. */
static Run clear(const Stretch *of, const Side *a, const Side *b) {
    size_t start = of->start, b_start = (size_t)((int64_t)of->start + of->shift), best = 0, length = 0, from = 0;
    for (size_t step = 0; step <= of->length; step++) {
        if (step < of->length && !(a->in[start + step] | b->in[b_start + step])) continue;
        if (step - from > length) {
            best = from;
            length = step - from;
        }
        from = step + 1;
    }
    return (Run){(uint32_t)(start + best), (uint32_t)(start + best + length), (uint32_t)(b_start + best),
                 (uint32_t)(b_start + best + length)};
}

static int is_substitution(int64_t in_a, int64_t in_b) {
    return 0 <= in_a && in_a <= SUBSTITUTION && 0 <= in_b && in_b <= SUBSTITUTION && in_a + in_b > 0;
}

/* Lays b beside a; marks the equal words in both sides' in, which are zero before. -1 without memory. */
static int align_sides(Side *a, Side *b, Alignment *into) {
    size_t seeds_a = a->size[SEEDS], seeds_b = b->size[SEEDS];
    uint32_t *low = malloc(4 * (seeds_a + 1)), *tally = NULL;
    uint8_t *many = calloc(seeds_a + 1, 1);
    uint64_t *pair = NULL;
    Stretch *stretches = NULL;
    int done = -1;
    *into = (Alignment){NULL, NULL, 0, 0};
    if (!low || !many) goto end;
    const uint32_t *of_a = a->part[SEEDS], *of_b = b->part[SEEDS];
    for (size_t i = 0, j = 0; i < seeds_a && j < seeds_b;) {
        if (of_a[i] < of_b[j]) {
            i++;
        } else if (of_b[j] < of_a[i]) {
            j++;
        } else {
            uint32_t value = of_a[i];
            size_t end = j;
            while (end < seeds_b && of_b[end] == value) end++;
            for (; i < seeds_a && of_a[i] == value; i++) {
                low[a->part[PLACES][i]] = (uint32_t)j;
                many[a->part[PLACES][i]] = (uint8_t)(end - j < MOST_PARTNERS ? end - j : MOST_PARTNERS);
            }
            j = end;
        }
    }
    size_t count = pairs(low, many, seeds_a, NULL, NULL);
    if (!count) {
        done = 0;
        goto end;
    }
    pair = malloc(16 * count);
    tally = malloc(4 * (a->words + b->words + 1));
    stretches = malloc(count * sizeof *stretches);
    if (!pair || !tally || !stretches) goto end;
    pairs(low, many, seeds_a, b->part[PLACES], pair);
    size_t made = stretches_of(pair, count, a->words, b->words, tally, pair + count, stretches);
    if (made > MOST_RUNS) made = MOST_RUNS;
    into->runs = malloc((made + 1) * sizeof(Run));
    into->gaps = malloc((made + 1) * sizeof(Run));
    if (!into->runs || !into->gaps) goto end;
    for (size_t at = 0; at < made; at++) {
        Run run = clear(&stretches[at], a, b);
        if (run.a_end - run.a_start < LEAST_RUN) continue;
        for (uint32_t step = 0; step < run.a_end - run.a_start; step++)
            a->in[run.a_start + step] = b->in[run.b_start + step] =
                form(a, run.a_start + step) == form(b, run.b_start + step);
        into->runs[into->run_count++] = run;
    }
    qsort(into->runs, into->run_count, sizeof(Run), in_order);
    Run left = {0, 0, 0, 0}, end_run = {(uint32_t)a->words, (uint32_t)a->words, (uint32_t)b->words, (uint32_t)b->words};
    for (size_t at = 0; into->run_count && at <= into->run_count; at++) {
        Run right = at < into->run_count ? into->runs[at] : end_run;
        if (is_substitution((int64_t)right.a_start - left.a_end, (int64_t)right.b_start - left.b_end))
            into->gaps[into->gap_count++] = (Run){left.a_end, right.a_start, left.b_end, right.b_start};
        left = right;
    }
    done = 0;
end:
    free(low);
    free(many);
    free(pair);
    free(tally);
    free(stretches);
    return done;
}

/* ------------------------------------------------------------------------------------------------ counting */

static int holds(const uint32_t *sorted, size_t count, uint32_t value) {
    size_t low = 0;
    while (count) {
        size_t half = count / 2;
        if (sorted[low + half] < value) {
            low += half + 1;
            count -= half + 1;
        } else if (sorted[low + half] == value) {
            return 1;
        } else {
            count = half;
        }
    }
    return 0;
}

static unsigned int common(const Side *a, int part_a, const Side *b, int part_b) {
    const uint32_t *x = a->part[part_a], *y = b->part[part_b];
    const uint32_t *x_end = x + a->size[part_a], *y_end = y + b->size[part_b];
    unsigned int found = 0;
    while (x < x_end && y < y_end) {
        uint32_t left = *x, right = *y;
        found += left == right;
        x += left <= right;
        y += right <= left;
    }
    return found;
}

static unsigned int lead_in(const Side *a, const Side *b) {
    unsigned int found = 0;
    for (size_t at = 0; at < a->size[LEAD]; at++)
        found += (unsigned)holds(b->part[PHRASES], b->size[PHRASES], a->part[LEAD][at]);
    return found;
}

static unsigned int marked(const Side *side) {
    unsigned int found = 0;
    for (size_t at = 0; at < side->words; at++) found += side->in[at];
    return found;
}

typedef struct {
    unsigned int numbers_agree, numbers_differ, dates_differ, names_differ, negations_differ;
} Facts;

/* A difference: places of both texts, those of a run where the words differ, or all of a substitution. */
typedef struct {
    const Side *side, *other;
    size_t start, end, across; /* across: where the run starts in the other */
    int in_run;
} Difference;

static int differs(const Difference *of, size_t at) {
    return !of->in_run || of->side->part[WORDS][at] != of->other->part[WORDS][of->across + at - of->start];
}

static unsigned int names_alone(const Difference *of) {
    unsigned int found = 0;
    for (size_t at = of->start; at < of->end; at++)
        if ((of->side->flags[at] & (CAPITAL | CALENDAR)) == CAPITAL && differs(of, at))
            found += !holds(of->other->part[VOCABULARY], of->other->size[VOCABULARY], of->side->part[WORDS][at]);
    return found;
}

static int negations(const Difference *of) {
    int found = 0;
    for (size_t at = of->start; at < of->end; at++) found += of->side->flags[at] & NEGATION && differs(of, at);
    return found;
}

/* Words of a flag on this side of a substitution that the other lacks; -1 where this side has none. */
static int lacking(const Side *side, size_t start, size_t end, const Side *other, size_t from, size_t to, int flag) {
    int found = 0, any = 0;
    for (size_t at = start; at < end; at++) {
        if (!(side->flags[at] & flag)) continue;
        int there = 0;
        for (size_t place = from; place < to && !there; place++)
            there = other->flags[place] & flag && other->part[WORDS][place] == side->part[WORDS][at];
        any = 1;
        found += !there;
    }
    return any ? found : -1;
}

static unsigned int exchanged(const Side *a, const Side *b, const Run *gap, int flag) {
    int in_a = lacking(a, gap->a_start, gap->a_end, b, gap->b_start, gap->b_end, flag);
    int in_b = lacking(b, gap->b_start, gap->b_end, a, gap->a_start, gap->a_end, flag);
    if (in_a < 0 || in_b < 0) return 0;
    return (unsigned)(in_a < in_b ? in_a : in_b);
}

static void count_both(Facts *facts, const Side *a, const Side *b, const Run *at, int in_run, int denials) {
    Difference in_a = {a, b, at->a_start, at->a_end, at->b_start, in_run};
    Difference in_b = {b, a, at->b_start, at->b_end, at->a_start, in_run};
    unsigned int of_a = names_alone(&in_a), of_b = names_alone(&in_b);
    facts->names_differ += of_a < of_b ? of_a : of_b;
    if (denials) facts->negations_differ += (unsigned)abs(negations(&in_a) - negations(&in_b));
}

static Facts facts_of(const Side *a, const Side *b, const Alignment *alignment) {
    Facts facts = {0, 0, 0, 0, 0};
    for (size_t n = 0; n < alignment->run_count; n++) {
        const Run *run = &alignment->runs[n];
        unsigned int different = 0;
        for (size_t at = run->a_start, to = run->b_start; at < run->a_end; at++, to++) {
            if (a->part[WORDS][at] == b->part[WORDS][to]) {
                facts.numbers_agree += a->flags[at] & NUMBER;
                continue;
            }
            different++;
            int both = a->flags[at] & b->flags[to];
            facts.numbers_differ += (both & NUMBER) != 0;
            facts.dates_differ += (both & CALENDAR) != 0;
        }
        if (different) count_both(&facts, a, b, run, 1, 1);
    }
    for (size_t n = 0; n < alignment->gap_count; n++) {
        const Run *gap = &alignment->gaps[n];
        facts.numbers_differ += exchanged(a, b, gap, NUMBER);
        facts.dates_differ += exchanged(a, b, gap, CALENDAR);
        int64_t in_a = (int64_t)gap->a_end - gap->a_start, in_b = (int64_t)gap->b_end - gap->b_start;
        count_both(&facts, a, b, gap, 0, llabs(in_a - in_b) <= EDIT);
    }
    return facts;
}

/* ------------------------------------------------------------------------------------------------ what Python sees */

static PyObject *listed(const Run *runs, size_t count) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t at = 0; list && at < count; at++) {
        PyObject *run =
            Py_BuildValue("(IIII)", runs[at].a_start, runs[at].a_end, runs[at].b_start, runs[at].b_end);
        if (!run || PyList_SetItem(list, (Py_ssize_t)at, run)) Py_CLEAR(list);
    }
    return list;
}

typedef PyObject *(*Told)(const Side *a, const Side *b, const Alignment *alignment);

static PyObject *with_sides(PyObject *args, Told told) {
    Py_buffer given_a, given_b;
    if (!PyArg_ParseTuple(args, "y*y*", &given_a, &given_b)) return NULL;
    Side a = {.in = NULL}, b = {.in = NULL};
    Alignment alignment = {NULL, NULL, 0, 0};
    PyObject *answer = NULL;
    if (open_side(&a, &given_a) || open_side(&b, &given_b)) goto end;
    a.in = calloc(a.words + 1, 1);
    b.in = calloc(b.words + 1, 1);
    if (!a.in || !b.in || align_sides(&a, &b, &alignment))
        PyErr_NoMemory();
    else
        answer = told(&a, &b, &alignment);
end:
    free(a.in);
    free(b.in);
    free(alignment.runs);
    free(alignment.gaps);
    PyBuffer_Release(&given_a);
    PyBuffer_Release(&given_b);
    return answer;
}

static PyObject *told_alignment(const Side *a, const Side *b, const Alignment *alignment) {
    return Py_BuildValue("(NNy#y#)", listed(alignment->runs, alignment->run_count),
                         listed(alignment->gaps, alignment->gap_count), (const char *)a->in, (Py_ssize_t)a->words,
                         (const char *)b->in, (Py_ssize_t)b->words);
}

static PyObject *told_counts(const Side *a, const Side *b, const Alignment *alignment) {
    Facts facts = facts_of(a, b, alignment);
    unsigned int longest = 0;
    for (size_t at = 0; at < alignment->run_count; at++) {
        unsigned int length = alignment->runs[at].a_end - alignment->runs[at].a_start;
        if (length > longest) longest = length;
    }
    return Py_BuildValue(
        "(IIIIIIIIIIIIIIIIIINN)", common(a, BODY, b, BODY), marked(a), marked(b), lead_in(a, b), lead_in(b, a), longest,
        facts.numbers_agree, facts.numbers_differ, facts.dates_differ, facts.names_differ, facts.negations_differ,
        common(a, NUMBERS, b, NUMBERS), common(a, NAMES, b, NAMES), common(a, VOCABULARY, b, VOCABULARY),
        common(a, OPENING, b, OPENING), common(a, TITLE, b, TITLE), common(a, TITLE, b, VOCABULARY),
        common(b, TITLE, a, VOCABULARY), listed(alignment->runs, alignment->run_count),
        listed(alignment->gaps, alignment->gap_count));
}

static PyObject *count(PyObject *self, PyObject *args) { return with_sides(args, told_counts); }

static PyObject *align(PyObject *self, PyObject *args) { return with_sides(args, told_alignment); }

static PyMethodDef methods[] = {
    {"pack", pack, METH_VARARGS, "The outline of words, their flags and a headline's words."},
    {"count", count, METH_VARARGS, "What two outlines have in common and what differs."},
    {"align", align, METH_VARARGS, "Runs, substitutions, and the equal words of both."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "app.dedup._kernel", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&module); }
