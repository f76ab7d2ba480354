/* How often the terms of a query stand in the documents found, weighted, and what that gives: `scoring.py`. */
#include "segment.h"

/* A list so many times longer than the documents are is searched for each of these, instead of gone through. */
enum { MUCH_LONGER = 16 };
/* Documents and positions that are so many times fewer than all documents meet without an array of all of these. */
enum { MUCH_FEWER = 8 };

typedef struct {
    const Segment *segment;
    const int64_t *documents; /* ascending */
    Py_ssize_t count;
    uint32_t *place; /* of each document of the segment among those, `count` of all others; NULL until it is needed */
    const float *factors[FIELDS]; /* of each document of the segment */
} Found;

static int
give_places(Found *found)
{
    if (found->place != NULL) {
        return FINE;
    }
    found->place = PyMem_RawMalloc(((size_t)found->segment->documents + 1) * sizeof(uint32_t));
    if (found->place == NULL) {
        return NO_MEMORY;
    }
    for (Py_ssize_t document = 0; document < found->segment->documents; document++) {
        found->place[document] = (uint32_t)found->count;
    }
    for (Py_ssize_t place = 0; place < found->count; place++) {
        found->place[found->documents[place]] = (uint32_t)place;
    }
    return FINE;
}

static int
are_few(const Found *found, Py_ssize_t others)
{
    return (found->count + others) * MUCH_FEWER < found->segment->documents;
}

static float
count_at(const Lists *lists, Py_ssize_t at)
{
    uint64_t count = number_at(&lists->counts, at);
    if (count == 255) { /* stands for itself and more */
        Py_ssize_t many = find_number(&lists->many_at, (uint64_t)at);
        if (many >= 0 && many < lists->many_counts.count) {
            count = number_at(&lists->many_counts, many);
        }
    }
    return (float)count;
}

/* Add what one list of documents says; `out` has one place more than there are documents, for all that is not found. */
static int
add_listed(Found *found, int which, const Lists *lists, Py_ssize_t number, float *out)
{
    Stretch listed;
    if (stretch_of(&lists->offsets, number, lists->docs.count, &listed) != FINE || listed.high > lists->counts.count) {
        return DAMAGED;
    }
    const float *factors = found->factors[which];
    Py_ssize_t size = listed.high - listed.low;
    if (found->count * MUCH_LONGER < size || are_few(found, size)) {
        Py_ssize_t at = listed.low;
        for (Py_ssize_t place = 0; place < found->count && at < listed.high; place++) {
            uint64_t wanted = (uint64_t)found->documents[place];
            Py_ssize_t step = 1; /* in leaps that grow: the next is rarely far */
            while (at + step < listed.high && number_at(&lists->docs, at + step) < wanted) {
                at += step;
                step *= 2;
            }
            Py_ssize_t behind = at + step + 1 < listed.high ? at + step + 1 : listed.high;
            at = place_of(&lists->docs, wanted, at, behind);
            if (at < listed.high && number_at(&lists->docs, at) == wanted) {
                out[place] += count_at(lists, at) * factors[wanted];
            }
        }
        return FINE;
    }
    int code = give_places(found);
    for (Py_ssize_t at = listed.low; at < listed.high && code == FINE; at++) {
        uint64_t document = number_at(&lists->docs, at);
        if (document >= (uint64_t)found->segment->documents) {
            return DAMAGED;
        }
        out[found->place[document]] += count_at(lists, at) * factors[document];
    }
    return code;
}

/* Add what the positions of a bigram say: of each document found how many lie in its text. */
static int
add_counted(Found *found, int which, Py_ssize_t bigram, float *out)
{
    const Segment *segment = found->segment;
    const Field *field = &segment->fields[which];
    const float *factors = found->factors[which];
    Steps steps;
    if (steps_of(field, bigram, &steps) != FINE) {
        return DAMAGED;
    }
    uint32_t position;
    if (are_few(found, 0)) {
        Py_ssize_t place = 0, often = 0;
        while (next_position(&steps, &position)) {
            while (place < found->count && number_at(&field->starts, found->documents[place] + 1) <= position) {
                out[place] += (float)often * factors[found->documents[place]];
                often = 0;
                place++;
            }
            if (place == found->count) {
                return FINE;
            }
            often += number_at(&field->starts, found->documents[place]) <= position;
        }
        out[place] += place < found->count ? (float)often * factors[found->documents[place]] : 0.0f;
        return FINE;
    }
    int code = give_places(found);
    if (code != FINE) {
        return code;
    }
    Py_ssize_t document = -1, before = -1, often = 0;
    while (next_position(&steps, &position)) {
        document = document_at(segment, field, position, document);
        if (document < 0) {
            return DAMAGED;
        }
        if (document != before && before >= 0) {
            out[found->place[before]] += (float)often * factors[before];
            often = 0;
        }
        before = document;
        often++;
    }
    if (before >= 0) {
        out[found->place[before]] += (float)often * factors[before];
    }
    return FINE;
}

static int
add_bigram(Found *found, int which, int64_t first, int64_t second, float *out)
{
    const Field *field = &found->segment->fields[which];
    Py_ssize_t bigram = bigram_of(field, first, second);
    if (bigram < 0) {
        return FINE;
    }
    Py_ssize_t ready_made = find_number(&field->common_bigrams, (uint64_t)bigram);
    return ready_made < 0 ? add_counted(found, which, bigram, out)
                          : add_listed(found, which, &field->common, ready_made, out);
}

/* Write a row for each bigram and then for each word; -1 is a unit or word that stands nowhere. */
static int
write_frequencies(Found *found, const int64_t *bigrams, Py_ssize_t pairs, const int64_t *words, Py_ssize_t singles,
                  float *out)
{
    size_t width = (size_t)found->count + 1;
    memset(out, 0, (size_t)(pairs + singles) * width * sizeof(float));
    for (Py_ssize_t place = 0; place < found->count; place++) {
        if (found->documents[place] < 0 || found->documents[place] >= found->segment->documents) {
            return DAMAGED;
        }
    }
    int code = FINE;
    for (int which = 0; which < FIELDS && code == FINE; which++) {
        for (Py_ssize_t at = 0; at < pairs && code == FINE; at++) {
            code = add_bigram(found, which, bigrams[2 * at], bigrams[2 * at + 1], out + (size_t)at * width);
        }
        for (Py_ssize_t at = 0; at < singles && code == FINE; at++) {
            float *of_word = out + (size_t)(pairs + at) * width;
            if (words[at] >= 0) {
                code = add_listed(found, which, &found->segment->fields[which].words, (Py_ssize_t)words[at], of_word);
            }
        }
    }
    PyMem_RawFree(found->place);
    return code;
}

PyObject *
segment_frequencies(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    /* documents, pairs of units, words, factors of titles and of bodies, out */
    static const char *const kinds[6] = {"q", "q", "q", "f", "f", "f"};
    const Segment *segment = (Segment *)self;
    Py_buffer views[6];
    int taken = 0, code = FINE;
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "frequencies(documents, bigrams, words, title_factors, body_factors, out)");
        return NULL;
    }
    for (; taken < 6; taken++) {
        Py_ssize_t count = -1;
        if (taken == 3 || taken == 4) {
            count = segment->documents;
        }
        else if (taken == 5) {
            count = (views[1].len / 16 + views[2].len / 8) * (views[0].len / 8 + 1);
        }
        if (!take_array(args[taken], &views[taken], kinds[taken], count, taken == 5)) {
            goto done;
        }
    }
    Found found = {segment, views[0].buf, views[0].len / 8, NULL, {views[3].buf, views[4].buf}};
    Py_ssize_t pairs = views[1].len / 16, singles = views[2].len / 8;
    WHILE_OTHERS_RUN((pairs + singles) * found.count * 4, code = write_frequencies(&found, views[1].buf, pairs,
                                                                                    views[2].buf, singles,
                                                                                    views[5].buf));
    if (code != FINE) {
        raise_for(code);
    }
done:
    while (taken-- > 0) {
        PyBuffer_Release(&views[taken]);
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static uint64_t
held_by(const Numbers *holding, int64_t number)
{
    return number >= 0 && number < holding->count ? number_at(holding, (Py_ssize_t)number) : 0;
}

/* Count the documents that hold a bigram in either field: both say the same of one that both hold. */
static uint64_t
bigram_held_by(const Segment *segment, int64_t first, int64_t second)
{
    uint64_t held = 0;
    for (int which = BODY; which >= TITLE && !held; which--) {
        const Field *field = &segment->fields[which];
        held = held_by(&field->holding, bigram_of(field, first, second));
    }
    return held;
}

PyObject *
segment_holding(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const Segment *segment = (Segment *)self;
    Py_buffer views[3]; /* pairs of units, units, words */
    int taken = 0;
    PyObject *list = NULL;
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "holding(bigrams, units, words)");
        return NULL;
    }
    for (; taken < 3; taken++) {
        if (!take_array(args[taken], &views[taken], "q", -1, 0)) {
            goto done;
        }
    }
    const int64_t *pairs = views[0].buf, *units = views[1].buf, *words = views[2].buf;
    Py_ssize_t of_pairs = views[0].len / 16, of_units = of_pairs + views[1].len / 8;
    Py_ssize_t size = of_units + views[2].len / 8;
    list = PyList_New(size);
    for (Py_ssize_t at = 0; list != NULL && at < size; at++) {
        uint64_t held = at < of_pairs   ? bigram_held_by(segment, pairs[2 * at], pairs[2 * at + 1])
                        : at < of_units ? held_by(&segment->units_holding, units[at - of_pairs])
                                        : held_by(&segment->words_holding, words[at - of_units]);
        PyObject *item = PyLong_FromUnsignedLongLong(held);
        if (item == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, at, item);
    }
done:
    while (taken-- > 0) {
        PyBuffer_Release(&views[taken]);
    }
    return list;
}

PyObject *
kernel_add_saturated(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer frequencies, most, sums;
    (void)module;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "add_saturated(frequencies, most, k1, sums)");
        return NULL;
    }
    float k1 = (float)PyFloat_AsDouble(args[2]);
    if (PyErr_Occurred() || !take_array(args[1], &most, "f", -1, 0)) {
        return NULL;
    }
    if (!take_array(args[3], &sums, "f", -1, 1)) {
        goto without_sums;
    }
    Py_ssize_t terms = most.len / 4, count = sums.len / 4;
    if (take_array(args[0], &frequencies, "f", terms * (count + 1), 0)) {
        for (Py_ssize_t term = 0; term < terms; term++) {
            const float *of_term = (const float *)frequencies.buf + term * (count + 1);
            float weight = ((const float *)most.buf)[term], *sum = sums.buf;
            for (Py_ssize_t place = 0; place < count; place++) {
                sum[place] += weight * (of_term[place] / (of_term[place] + k1));
            }
        }
        PyBuffer_Release(&frequencies);
    }
    PyBuffer_Release(&sums);
without_sums:
    PyBuffer_Release(&most);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}
