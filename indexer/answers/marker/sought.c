/* What a query looks for, taken from Python. */
#include "marker.h"

/* Make room for so many items more; NULL without memory, and then an error is set. */
static void *
grown(void *items, Py_ssize_t count, Py_ssize_t more, size_t size)
{
    void *at = PyMem_Realloc(items, ((size_t)(count + more) + 1) * size);
    if (at == NULL) {
        PyErr_NoMemory();
    }
    return at;
}

#define GROW(items, count, more)                                                  \
    do {                                                                          \
        void *at_ = grown(items, count, more, sizeof(*(items)));                  \
        if (at_ == NULL) {                                                        \
            return 0;                                                             \
        }                                                                         \
        (items) = at_;                                                            \
    } while (0)

typedef struct { /* how many there are of each by now */
    Py_ssize_t codes, run_places, rows, ways, members;
} Counts;

static int
is_tuple(PyObject *object)
{
    if (PyTuple_Check(object)) {
        return 1;
    }
    PyErr_SetString(PyExc_TypeError, "what is looked for is given in tuples");
    return 0;
}

static int
refuse(const char *why)
{
    PyErr_SetString(PyExc_ValueError, why);
    return 0;
}

/* Take the places of runs of letters and digits in a row: pairs of [start, end). */
static int
take_runs(Sought *self, Counts *counts, PyObject *runs, SoughtRow *row)
{
    if (!is_tuple(runs)) {
        return 0;
    }
    row->first_run = counts->run_places / 2;
    row->run_count = PyTuple_GET_SIZE(runs);
    GROW(self->run_places, counts->run_places, row->run_count * 2);
    for (Py_ssize_t at = 0; at < row->run_count; at++) {
        Py_ssize_t start, end;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(runs, at), "nn", &start, &end)) {
            return 0;
        }
        if (start < 0 || end <= start || end > row->size) {
            return refuse("a run lies outside of its row");
        }
        self->run_places[counts->run_places++] = (uint32_t)start;
        self->run_places[counts->run_places++] = (uint32_t)end;
    }
    return 1;
}

static int
take_row(Sought *self, Counts *counts, PyObject *given)
{
    PyObject *text, *runs;
    if (!is_tuple(given) || !PyArg_ParseTuple(given, "UO", &text, &runs)) {
        return 0;
    }
    SoughtRow row = {counts->codes, PyUnicode_GET_LENGTH(text), 0, 0};
    if (!row.size || row.size > INT32_MAX) {
        return refuse("a row without a character");
    }
    GROW(self->codes, counts->codes, row.size);
    for (Py_ssize_t at = 0; at < row.size; at++) {
        self->codes[counts->codes++] = PyUnicode_READ_CHAR(text, at);
    }
    if (!take_runs(self, counts, runs, &row)) {
        return 0;
    }
    GROW(self->rows, counts->rows, 1);
    self->rows[counts->rows++] = row;
    return 1;
}

static int
take_way(Sought *self, Counts *counts, PyObject *given)
{
    if (!is_tuple(given)) {
        return 0;
    }
    Span way = {counts->rows, PyTuple_GET_SIZE(given)};
    if (!way.count) {
        return refuse("a string without a row");
    }
    for (Py_ssize_t at = 0; at < way.count; at++) {
        if (!take_row(self, counts, PyTuple_GET_ITEM(given, at))) {
            return 0;
        }
    }
    GROW(self->ways, counts->ways, 1);
    self->ways[counts->ways++] = way;
    return 1;
}

static int
take_needles(Sought *self, Counts *counts, PyObject *given)
{
    Py_ssize_t count = PyTuple_GET_SIZE(given);
    GROW(self->needles, 0, count);
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *ways = PyTuple_GET_ITEM(given, at);
        if (!is_tuple(ways)) {
            return 0;
        }
        self->needles[at] = (Span){counts->ways, PyTuple_GET_SIZE(ways)};
        for (Py_ssize_t way = 0; way < PyTuple_GET_SIZE(ways); way++) {
            if (!take_way(self, counts, PyTuple_GET_ITEM(ways, way))) {
                return 0;
            }
        }
    }
    self->needle_count = count;
    return 1;
}

/* Take numbers of needles. */
static int
take_members(Sought *self, Counts *counts, PyObject *given, Span *span)
{
    if (!is_tuple(given)) {
        return 0;
    }
    *span = (Span){counts->members, PyTuple_GET_SIZE(given)};
    GROW(self->members, counts->members, span->count);
    for (Py_ssize_t at = 0; at < span->count; at++) {
        Py_ssize_t needle = PyLong_AsSsize_t(PyTuple_GET_ITEM(given, at));
        if (PyErr_Occurred()) {
            return 0;
        }
        if (needle < 0 || needle >= self->needle_count) {
            return refuse("there is no such string");
        }
        self->members[counts->members++] = (uint32_t)needle;
    }
    return 1;
}

static int
take_together(Sought *self, Counts *counts, PyObject *given)
{
    Py_ssize_t count = PyTuple_GET_SIZE(given);
    GROW(self->runs, 0, count);
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *rows, *words, *held_back, *one = PyTuple_GET_ITEM(given, at);
        Run *run = &self->runs[at];
        if (!is_tuple(one) ||
            !PyArg_ParseTuple(one, "OOOnn", &rows, &words, &held_back, &run->window, &run->number) ||
            !take_members(self, counts, rows, &run->rows) || !take_members(self, counts, words, &run->words) ||
            !take_members(self, counts, held_back, &run->held_back)) {
            return 0;
        }
        if (!run->rows.count || run->window < 0 || run->window > INT32_MAX || run->number < 0 || run->number > INT32_MAX) {
            return refuse("a run of no strings");
        }
    }
    self->run_count = count;
    return 1;
}

static int
take_table(Sought *self, PyObject *table)
{
    if (PyObject_GetBuffer(table, &self->table, PyBUF_ND | PyBUF_FORMAT) < 0) {
        return 0;
    }
    const char *format = self->table.format;
    int fits = self->table.ndim == 1 && self->table.itemsize == (Py_ssize_t)sizeof(uint32_t) && self->table.len &&
               format != NULL && (strcmp(format, "I") == 0 || strcmp(format, "L") == 0) &&
               (uintptr_t)self->table.buf % sizeof(uint32_t) == 0;
    return fits ? 1 : refuse("a table of another kind than expected");
}

static PyObject *
sought_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *table, *needles, *runs;
    Py_ssize_t chars, places, most;
    if (kwargs != NULL && PyDict_Size(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "Sought takes no names");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OO!O!(nnn)", &table, &PyTuple_Type, &needles, &PyTuple_Type, &runs, &chars, &places,
                          &most)) {
        return NULL;
    }
    Sought *self = (Sought *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    Counts counts = {0, 0, 0, 0, 0};
    self->snippet_chars = chars;
    self->most_places = places;
    self->most_needles = most;
    int is_taken = chars > 0 && chars < INT32_MAX && places > 0 && places < INT32_MAX && most > 0
                       ? take_table(self, table) && take_needles(self, &counts, needles) &&
                             take_together(self, &counts, runs)
                       : refuse("a limit that cannot be");
    if (!is_taken) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void
sought_dealloc(PyObject *object)
{
    Sought *self = (Sought *)object;
    if (self->table.obj != NULL) {
        PyBuffer_Release(&self->table);
    }
    PyMem_Free(self->codes);
    PyMem_Free(self->run_places);
    PyMem_Free(self->rows);
    PyMem_Free(self->ways);
    PyMem_Free(self->needles);
    PyMem_Free(self->members);
    PyMem_Free(self->runs);
    Py_TYPE(object)->tp_free(object);
}

static PyTypeObject type_of_sought = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "indexer.answers.marker.native.Sought",
    .tp_basicsize = sizeof(Sought),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "What a query looks for in a text.",
    .tp_new = sought_new,
    .tp_dealloc = sought_dealloc,
};

PyTypeObject *
sought_type(void)
{
    return &type_of_sought;
}
