/* What documents get that hold rows of units, or a run in their title: added up in an order that decides what is
 * rounded off, the same as in `lookups.py`; and how many documents hold what. */
#include "segment.h"

enum { MANY = 8 }; /* documents that are at least one in so many */
enum { LOT = 8 };  /* rows whose weights are added up by themselves */

/* Write the bits of the documents that hold a unit, in either field. */
static int
unit_bits(const Segment *segment, uint32_t unit, uint8_t *bits)
{
    Py_ssize_t size = (segment->documents + 7) / 8;
    memset(bits, 0, (size_t)size);
    for (int which = 0; which < FIELDS; which++) {
        const Field *field = &segment->fields[which];
        const uint8_t *ready_made = bits_of(segment, field, unit);
        for (Py_ssize_t at = 0; at < size && ready_made != NULL; at++) {
            bits[at] |= ready_made[at];
        }
        Stretch listed = {0, 0};
        if (ready_made == NULL && stretch_of(&field->unit_offsets, unit, field->unit_docs.count, &listed) != FINE) {
            return DAMAGED;
        }
        for (Py_ssize_t at = listed.low; at < listed.high; at++) {
            uint64_t document = number_at(&field->unit_docs, at);
            if (document >= (uint64_t)segment->documents) {
                return DAMAGED;
            }
            bits[document >> 3] |= (uint8_t)(0x80 >> (document & 7));
        }
    }
    return FINE;
}

/* Add a weight to those of some documents that hold a row. `held` has room for a byte for each document there is. */
static int
add_weight(const Segment *segment, const Row *row, float weight, const int64_t *documents, Py_ssize_t count,
           uint8_t *held, float *sums)
{
    /* By what is held, so that nothing need be guessed: a wrong guess costs as much as ten additions. */
    const float weights[2] = {0.0f, weight};
    if (row->size == 1) {
        int code = unit_bits(segment, row->units[0], held);
        for (Py_ssize_t place = 0; place < count && code == FINE; place++) {
            sums[place] += weights[bit_at(held, documents[place])];
        }
        return code;
    }
    int code = FINE;
    const uint8_t *holds = row->held.buf;
    if (holds == NULL) {
        memset(held, 0, (size_t)segment->documents);
        code = mark_in(segment, 3, row, held);
        holds = held;
    }
    for (Py_ssize_t place = 0; place < count && code == FINE; place++) {
        sums[place] += weights[holds[documents[place]] != 0];
    }
    return code;
}

/* Write for each document of the segment which of some rows it holds, a bit for each. */
static int
write_masks(const Segment *segment, const Row *rows, Py_ssize_t size, uint8_t *held, uint64_t *masks)
{
    Py_ssize_t words = (segment->documents + 7) / 8;
    memset(masks, 0, (size_t)words * 8);
    for (Py_ssize_t at = 0; at < size; at++) {
        int code;
        if (rows[at].size == 1) {
            code = unit_bits(segment, rows[at].units[0], held);
            for (Py_ssize_t word = 0; word < words && code == FINE; word++) {
                masks[word] |= bytes_of_bits[held[word]] << at;
            }
        }
        else {
            memset(held, 0, (size_t)words * 8);
            code = FINE;
            if (rows[at].held.buf != NULL) {
                memcpy(held, rows[at].held.buf, (size_t)segment->documents);
            }
            else {
                code = mark_in(segment, 3, &rows[at], held);
            }
            for (Py_ssize_t word = 0; word < words && code == FINE; word++) {
                masks[word] |= ((const uint64_t *)(const void *)held)[word] << at;
            }
        }
        if (code != FINE) {
            return code;
        }
    }
    return FINE;
}

/* Add to the sum of each document the weights of the rows that it holds: by a table of what each set of rows gives
 * where the documents are many, else row by row. The order of additions is the same. */
static int
add_lot(const Segment *segment, const int64_t *documents, Py_ssize_t count, const Row *rows, const float *weights,
        Py_ssize_t size, uint8_t *held, float *lot, uint64_t *masks, float *sums)
{
    if (count * MANY >= segment->documents) {
        float gives[1 << LOT] = {0.0f};
        for (int set = 1; set < 1 << size; set++) {
            for (Py_ssize_t at = 0; at < size; at++) {
                gives[set] += set >> at & 1 ? weights[at] : 0.0f;
            }
        }
        int code = write_masks(segment, rows, size, held, masks);
        for (Py_ssize_t place = 0; place < count && code == FINE; place++) {
            sums[place] += gives[((const uint8_t *)masks)[documents[place]]];
        }
        return code;
    }
    memset(lot, 0, (size_t)count * sizeof(float));
    for (Py_ssize_t at = 0; at < size; at++) {
        int code = add_weight(segment, &rows[at], weights[at], documents, count, held, lot);
        if (code != FINE) {
            return code;
        }
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        sums[place] += lot[place];
    }
    return FINE;
}

static int
add_all(const Segment *segment, const int64_t *documents, Py_ssize_t count, const Row *rows, const float *weights,
        Py_ssize_t size, float *sums)
{
    for (Py_ssize_t place = 0; place < count; place++) {
        if (documents[place] < 0 || documents[place] >= segment->documents) {
            return DAMAGED;
        }
    }
    uint8_t *held = PyMem_RawMalloc((size_t)segment->documents + 8);
    uint64_t *masks = PyMem_RawMalloc((size_t)segment->documents + 8);
    float *lot = PyMem_RawMalloc(((size_t)count + 1) * sizeof(float));
    int code = held == NULL || masks == NULL || lot == NULL ? NO_MEMORY : FINE;
    for (Py_ssize_t at = 0; at < size && code == FINE; at += LOT) {
        Py_ssize_t of_lot = size - at < LOT ? size - at : LOT;
        code = add_lot(segment, documents, count, rows + at, weights + at, of_lot, held, lot, masks, sums);
    }
    PyMem_RawFree(held);
    PyMem_RawFree(masks);
    PyMem_RawFree(lot);
    return code;
}

static void
free_rows(Row *rows, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at < size; at++) {
        PyMem_Free(rows[at].units);
        if (rows[at].held.obj != NULL) {
            PyBuffer_Release(&rows[at].held);
        }
    }
    PyMem_Free(rows);
}

/* Take tuples of unit numbers, or arrays that say which documents hold a row; all of them or none. */
static Row *
take_rows(PyObject *rows, Py_ssize_t size, Py_ssize_t documents)
{
    Row *taken = PyMem_Calloc((size_t)size + 1, sizeof(Row));
    if (taken == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t at = 0; at < size; at++) {
        PyObject *row = PyList_GET_ITEM(rows, at);
        int fine = PyTuple_Check(row) ? take_row(row, &taken[at]) : take_array(row, &taken[at].held, "?", documents, 0);
        if (!fine) {
            free_rows(taken, at);
            return NULL;
        }
    }
    return taken;
}

PyObject *
segment_add_holding(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const Segment *segment = (Segment *)self;
    Py_buffer documents, weights, sums;
    if (nargs != 4 || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "add_holding(documents, [row], weights, sums)");
        return NULL;
    }
    if (!take_array(args[0], &documents, "q", -1, 0)) {
        return NULL;
    }
    Py_ssize_t count = documents.len / 8, size = PyList_GET_SIZE(args[1]);
    if (!take_array(args[2], &weights, "f", size, 0)) {
        goto without_weights;
    }
    if (!take_array(args[3], &sums, "f", count, 1)) {
        goto without_sums;
    }
    Row *rows = take_rows(args[1], size, segment->documents);
    int code = FINE;
    if (rows != NULL) {
        WHILE_OTHERS_RUN(size * (count + segment->documents / 8),
                         code = add_all(segment, documents.buf, count, rows, weights.buf, size, sums.buf));
        free_rows(rows, size);
    }
    if (code != FINE) {
        raise_for(code);
    }
    PyBuffer_Release(&sums);
without_sums:
    PyBuffer_Release(&weights);
without_weights:
    PyBuffer_Release(&documents);
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

/* Return the first place from `low` on whose document is not below one: in leaps that grow, for it is rarely far. */
static Py_ssize_t
place_among(const int64_t *documents, int64_t wanted, Py_ssize_t low, Py_ssize_t count)
{
    Py_ssize_t step = 1;
    while (low + step < count && documents[low + step] < wanted) {
        low += step;
        step *= 2;
    }
    Py_ssize_t high = low + step + 1 < count ? low + step + 1 : count;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (documents[middle] < wanted) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

PyObject *
kernel_add_title_boost(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    /* documents, held, lengths of titles, priors, cores of titles, scores: of all documents but the first and last */
    static const char *const kinds[6] = {"q", "?", "q", "f", "f", "f"};
    Py_buffer views[6];
    int taken = 0;
    double most, in_title, whole, prior, coverage;
    long long length, units;
    (void)module;
    if (nargs != 7 || !PyTuple_Check(args[6])) {
        PyErr_SetString(PyExc_TypeError, "add_title_boost(documents, held, lengths, priors, cores, scores, numbers)");
        return NULL;
    }
    if (!PyArg_ParseTuple(args[6], "LLddddd", &length, &units, &most, &in_title, &whole, &prior, &coverage)) {
        return NULL;
    }
    for (; taken < 6; taken++) {
        Py_ssize_t count = taken < 2 ? -1 : taken == 5 ? views[0].len / 8 : views[1].len;
        if (!take_array(args[taken], &views[taken], kinds[taken], count, taken == 5)) {
            goto done;
        }
    }
    const int64_t *documents = views[0].buf, *lengths = views[2].buf;
    const uint8_t *held = views[1].buf;
    const float *priors = views[3].buf, *cores = views[4].buf;
    float *scores = views[5].buf;
    Py_ssize_t count = views[0].len / 8, place = 0;
    for (Py_ssize_t document = 0; document < views[1].len && place < count; document++) {
        uint64_t eight = 0; /* titles rarely hold a run: eight documents are passed over at once */
        if (document % 8 == 0 && document + 8 <= views[1].len) {
            memcpy(&eight, held + document, 8);
            if (eight == 0) {
                document += 7;
                continue;
            }
        }
        if (!held[document]) {
            continue;
        }
        place = place_among(documents, document, place, count);
        if (place == count || documents[place] != document) {
            continue;
        }
        /* Numbers of four and of eight bytes by turns, as numpy takes them. */
        float covered = (float)units / cores[document];
        double share = in_title + whole * (lengths[document] == length);
        share += (double)((float)prior * priors[document]);
        share += (double)((float)coverage * (covered < 1.0f ? covered : 1.0f));
        scores[place] += (float)most * (float)share;
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
