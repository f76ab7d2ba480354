/* The order of a list, its first few, and how many of the found have each value. */
#include <math.h>

#include "segment.h"

#define MOST_STEPS 1e9f /* times as many documents as there can be, this is still a number of eight bytes */

PyObject *
kernel_order_keys(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    /* documents, places in the order without scores, size of the index, scores or None, step of scores, keys */
    Py_buffer documents, places, scores, keys;
    (void)module;
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "order_keys(documents, places, size, scores, step, keys)");
        return NULL;
    }
    Py_ssize_t size = PyLong_AsSsize_t(args[2]);
    float step = (float)PyFloat_AsDouble(args[4]);
    int scored = args[3] != Py_None;
    if (PyErr_Occurred() || !take_array(args[0], &documents, "q", -1, 0)) {
        return NULL;
    }
    Py_ssize_t count = documents.len / 8;
    if (!take_array(args[1], &places, "q", -1, 0)) {
        goto without_places;
    }
    if (scored && !take_array(args[3], &scores, "f", count, 0)) {
        goto without_scores;
    }
    if (!take_array(args[5], &keys, "q", count, 1)) {
        goto without_keys;
    }
    const int64_t *document = documents.buf, *place = places.buf;
    int64_t *key = keys.buf;
    for (Py_ssize_t at = 0; at < count; at++) {
        if (document[at] < 0 || document[at] >= places.len / 8) {
            PyErr_SetString(PyExc_ValueError, "a document that is not there");
            break;
        }
        key[at] = place[document[at]];
    }
    for (Py_ssize_t at = 0; scored && at < count; at++) {
        float steps = rintf(((const float *)scores.buf)[at] / step);
        if (!(fabsf(steps) < MOST_STEPS)) { /* nor is it a number, where an index is damaged */
            PyErr_SetString(PyExc_ValueError, "a score that cannot be");
            break;
        }
        key[at] -= (int64_t)steps * size;
    }
    PyBuffer_Release(&keys);
without_keys:
    if (scored) {
        PyBuffer_Release(&scores);
    }
without_scores:
    PyBuffer_Release(&places);
without_places:
    PyBuffer_Release(&documents);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

typedef struct {
    int64_t key;
    Py_ssize_t place;
} Entry;

/* Whether one entry stands behind another: of equal keys the later place does. */
static int
is_behind(const Entry *one, const Entry *other)
{
    return one->key > other->key || (one->key == other->key && one->place > other->place);
}

/* Let the entry at `at` sink to where no entry below it stands behind it. */
static void
sink(Entry *heap, Py_ssize_t size, Py_ssize_t at)
{
    for (;;) {
        Py_ssize_t last = at;
        for (Py_ssize_t below = 2 * at + 1; below <= 2 * at + 2; below++) {
            if (below < size && is_behind(&heap[below], &heap[last])) {
                last = below;
            }
        }
        if (last == at) {
            return;
        }
        Entry moved = heap[at];
        heap[at] = heap[last];
        heap[last] = moved;
        at = last;
    }
}

/* Keep the first `limit` entries of all that come by, in a heap with the last of them on top. */
static Py_ssize_t
keep(Entry *heap, Py_ssize_t size, Py_ssize_t limit, Entry entry)
{
    if (size < limit) {
        heap[size++] = entry;
        if (size == limit) {
            for (Py_ssize_t at = size / 2; at-- > 0;) {
                sink(heap, size, at);
            }
        }
        return size;
    }
    if (is_behind(&heap[0], &entry)) {
        heap[0] = entry;
        sink(heap, size, 0);
    }
    return size;
}

/* Sort a heap, first to last. */
static void
sort(Entry *heap, Py_ssize_t size, Py_ssize_t limit)
{
    for (Py_ssize_t at = size < limit ? size / 2 : 0; at-- > 0;) { /* was never full: is no heap yet */
        sink(heap, size, at);
    }
    for (Py_ssize_t end = size - 1; end > 0; end--) {
        Entry last = heap[0];
        heap[0] = heap[end];
        heap[end] = last;
        sink(heap, end, 0);
    }
}

static PyObject *
list_of(const Entry *entries, Py_ssize_t size, int keys)
{
    PyObject *list = PyList_New(size);
    for (Py_ssize_t at = 0; list != NULL && at < size; at++) {
        PyObject *item = keys ? PyLong_FromLongLong(-entries[at].key) : PyLong_FromSsize_t(entries[at].place);
        if (item == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, at, item);
    }
    return list;
}

static Entry *
heap_for(Py_ssize_t *limit, Py_ssize_t count)
{
    *limit = *limit < count ? *limit : count;
    if (*limit < 0) {
        *limit = 0;
    }
    Entry *heap = PyMem_Malloc(((size_t)*limit + 1) * sizeof(Entry));
    if (heap == NULL) {
        PyErr_NoMemory();
    }
    return heap;
}

PyObject *
kernel_lowest(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer keys;
    (void)module;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "lowest(keys, limit)");
        return NULL;
    }
    Py_ssize_t limit = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred() || !take_array(args[0], &keys, "q", -1, 0)) {
        return NULL;
    }
    Py_ssize_t count = keys.len / 8, size = 0;
    Entry *heap = heap_for(&limit, count);
    PyObject *list = NULL;
    if (heap != NULL) {
        for (Py_ssize_t at = 0; at < count && limit; at++) {
            size = keep(heap, size, limit, (Entry){((const int64_t *)keys.buf)[at], at});
        }
        sort(heap, size, limit);
        list = list_of(heap, size, 0);
        PyMem_Free(heap);
    }
    PyBuffer_Release(&keys);
    return list;
}

PyObject *
kernel_most(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer counts;
    (void)module;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "most(counts, limit)");
        return NULL;
    }
    Py_ssize_t limit = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred() || !take_array(args[0], &counts, "q", -1, 0)) {
        return NULL;
    }
    Py_ssize_t count = counts.len / 8, size = 0;
    Entry *heap = heap_for(&limit, count);
    PyObject *places = NULL, *often = NULL, *both = NULL;
    if (heap != NULL) {
        for (Py_ssize_t at = 0; at < count && limit; at++) {
            int64_t of_value = ((const int64_t *)counts.buf)[at];
            if (of_value > 0) {
                size = keep(heap, size, limit, (Entry){-of_value, at});
            }
        }
        sort(heap, size, limit);
        places = list_of(heap, size, 0);
        often = list_of(heap, size, 1);
        PyMem_Free(heap);
    }
    if (places != NULL && often != NULL) {
        both = PyTuple_Pack(2, places, often);
    }
    Py_XDECREF(places);
    Py_XDECREF(often);
    PyBuffer_Release(&counts);
    return both;
}

/* Count in rows of numbers of one type; each row belongs to a document. */
#define COUNT_ALL(type)                                                  \
    for (Py_ssize_t at = 0; at < count; at++) {                          \
        if (documents[at] < 0 || documents[at] >= rows) {                \
            return DAMAGED;                                              \
        }                                                                \
        const type *row = (const type *)numbers->at + documents[at] * width; \
        for (Py_ssize_t column = 0; column < width; column++) {          \
            if ((uint64_t)row[column] >= (uint64_t)size) {               \
                return DAMAGED;                                          \
            }                                                            \
            counts[row[column]]++;                                       \
        }                                                                \
    }

static int
count_all(const Numbers *numbers, Py_ssize_t width, const int64_t *documents, Py_ssize_t count, int64_t *counts,
          Py_ssize_t size)
{
    Py_ssize_t rows = width > 0 ? numbers->count / width : 0;
    if (numbers->width == 2) {
        COUNT_ALL(uint16_t)
    }
    else if (numbers->width == 4) {
        COUNT_ALL(uint32_t)
    }
    else {
        return DAMAGED;
    }
    return FINE;
}

PyObject *
kernel_count(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Numbers numbers;
    Py_buffer documents, counts;
    int code = FINE;
    (void)module;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "count(numbers, width, documents, counts)");
        return NULL;
    }
    Py_ssize_t width = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred() || !take_numbers(args[0], &numbers)) {
        return NULL;
    }
    if (!take_array(args[2], &documents, "q", -1, 0)) {
        goto without_documents;
    }
    if (!take_array(args[3], &counts, "q", -1, 1)) {
        goto without_counts;
    }
    Py_ssize_t count = documents.len / 8;
    WHILE_OTHERS_RUN(count * width,
                     code = count_all(&numbers, width, documents.buf, count, counts.buf, counts.len / 8));
    if (code != FINE) {
        raise_for(code);
    }
    PyBuffer_Release(&counts);
without_counts:
    PyBuffer_Release(&documents);
without_documents:
    PyBuffer_Release(&numbers.view);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyObject *
kernel_sums(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer counts, spans;
    PyObject *list = NULL;
    (void)module;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "sums(counts, spans)");
        return NULL;
    }
    if (!take_array(args[0], &counts, "q", -1, 0)) {
        return NULL;
    }
    if (take_array(args[1], &spans, "q", -1, 0)) {
        Py_ssize_t size = spans.len / 16, most = counts.len / 8;
        list = PyList_New(size);
        for (Py_ssize_t at = 0; list != NULL && at < size; at++) {
            const int64_t *span = (const int64_t *)spans.buf + 2 * at;
            int64_t sum = 0;
            for (int64_t place = span[0] > 0 ? span[0] : 0; place < span[1] && place < most; place++) {
                sum += ((const int64_t *)counts.buf)[place];
            }
            PyObject *item = PyLong_FromLongLong(sum);
            if (item == NULL) {
                Py_CLEAR(list);
                break;
            }
            PyList_SET_ITEM(list, at, item);
        }
        PyBuffer_Release(&spans);
    }
    PyBuffer_Release(&counts);
    return list;
}
