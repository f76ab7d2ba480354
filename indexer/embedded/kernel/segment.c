/* The arrays of a segment, and how bigrams, lists and positions are looked up in them. */
#include "segment.h"

/* Take the arrays of a field or of texts, one behind the other; 0 and an error if they are not what is expected. */
static int
take_arrays(Segment *self, PyObject *arrays, int wanted, Numbers *into)
{
    if (PyTuple_GET_SIZE(arrays) != wanted) {
        PyErr_Format(PyExc_ValueError, "%d arrays are expected here", wanted);
        return 0;
    }
    for (int which = 0; which < wanted; which++, self->taken++) {
        if (!take_numbers(PyTuple_GET_ITEM(arrays, which), &into[which])) {
            return 0;
        }
    }
    return 1;
}

static PyObject *
segment_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t documents;
    PyObject *arrays[FIELDS], *texts, *units_holding, *words_holding;
    if (kwargs != NULL && PyDict_Size(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "Segment takes no names");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "nO!O!O!OO", &documents, &PyTuple_Type, &arrays[TITLE], &PyTuple_Type, &arrays[BODY],
                          &PyTuple_Type, &texts, &units_holding, &words_holding)) {
        return NULL;
    }
    Segment *self = (Segment *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->documents = documents;
    for (int at = 0; at < FIELDS; at++) {
        if (!take_arrays(self, arrays[at], ARRAYS_OF_FIELD, (Numbers *)&self->fields[at])) {
            Py_DECREF(self);
            return NULL;
        }
        const Field *field = &self->fields[at];
        /* What is looked at without another question. */
        if (documents < 0 || field->starts.count != documents + 1 || field->first.count < 1 ||
            field->bits.count != field->dense.count * ((documents + 7) / 8) || field->bits.width != 1 ||
            field->common.counts.width != 1 || field->words.counts.width != 1 ||
            (field->positions.width != 1 && field->positions.width != 4)) {
            PyErr_SetString(PyExc_ValueError, "the arrays do not belong together");
            Py_DECREF(self);
            return NULL;
        }
    }
    if (!take_arrays(self, texts, ARRAYS_OF_TEXTS, (Numbers *)&self->texts)) {
        Py_DECREF(self);
        return NULL;
    }
    if (!take_numbers(units_holding, &self->units_holding)) {
        Py_DECREF(self);
        return NULL;
    }
    self->taken++;
    if (!take_numbers(words_holding, &self->words_holding)) {
        Py_DECREF(self);
        return NULL;
    }
    self->taken++;
    return (PyObject *)self;
}

static void
segment_dealloc(PyObject *object)
{
    Segment *self = (Segment *)object;
    Numbers *arrays = (Numbers *)self->fields; /* they lie side by side, in the order in which they are taken */
    for (int at = 0; at < self->taken; at++) {
        PyBuffer_Release(&arrays[at].view);
    }
    Py_TYPE(object)->tp_free(object);
}

/* Return the number of a bigram, -1 if it stands nowhere. */
Py_ssize_t
bigram_of(const Field *field, int64_t first, int64_t second)
{
    if (first < 0 || second < 0 || first + 1 >= field->first.count) {
        return -1;
    }
    uint64_t low = number_at(&field->first, (Py_ssize_t)first);
    uint64_t high = number_at(&field->first, (Py_ssize_t)first + 1);
    if (high > (uint64_t)field->second.count) {
        high = (uint64_t)field->second.count;
    }
    if (low >= high) {
        return -1;
    }
    Py_ssize_t place = place_of(&field->second, (uint64_t)second, (Py_ssize_t)low, (Py_ssize_t)high);
    return place < (Py_ssize_t)high && number_at(&field->second, place) == (uint64_t)second ? place : -1;
}

/* Look up where a list begins and ends in an array of `most` items. */
int
stretch_of(const Numbers *offsets, Py_ssize_t number, Py_ssize_t most, Stretch *stretch)
{
    if (number < 0 || number + 1 >= offsets->count) {
        return DAMAGED;
    }
    uint64_t low = number_at(offsets, number), high = number_at(offsets, number + 1);
    if (low > high || high > (uint64_t)most) {
        return DAMAGED;
    }
    stretch->low = (Py_ssize_t)low;
    stretch->high = (Py_ssize_t)high;
    return FINE;
}

/* Begin to read the positions of a bigram. */
int
steps_of(const Field *field, Py_ssize_t bigram, Steps *steps)
{
    Stretch stretch;
    int code = stretch_of(&field->offsets, bigram, field->positions.count, &stretch);
    if (code != FINE) {
        return code;
    }
    int width = field->positions.width;
    steps->at = field->positions.at + stretch.low * width;
    steps->end = field->positions.at + stretch.high * width;
    steps->sum = 0;
    steps->kind = width > 1 ? PLAIN_POSITIONS
                  : find_number(&field->longs, (uint64_t)bigram) >= 0 ? LONG_STEPS
                                                                      : SHORT_STEPS;
    return FINE;
}

/* Read the next position; 0 when there is none. Steps are written by `positions.py`. */
int
next_position(Steps *steps, uint32_t *position)
{
    const uint8_t *at = steps->at;
    if (steps->kind == SHORT_STEPS) {
        uint32_t step = 0;
        for (int shift = 0; at < steps->end && shift < 32; shift += 7) {
            uint8_t byte = *at++;
            step |= (uint32_t)(byte & 0x7F) << shift;
            if (byte & 0x80) {
                steps->at = at;
                *position = steps->sum += step;
                return 1;
            }
        }
        return 0;
    }
    if (steps->kind == LONG_STEPS) {
        while (at + 2 <= steps->end) {
            uint32_t step = (uint32_t)at[0] | (uint32_t)at[1] << 8;
            at += 2;
            steps->sum += step;
            if (step != 0xFFFF) { /* else it is part of the step that follows */
                steps->at = at;
                *position = steps->sum;
                return 1;
            }
        }
        return 0;
    }
    if (at + 4 > steps->end) {
        return 0;
    }
    memcpy(position, at, 4);
    steps->at = at + 4;
    return 1;
}

/* Take a tuple of unit numbers; the memory is the caller's to free. */
int
take_row(PyObject *row, Row *taken)
{
    taken->units = NULL;
    if (!PyTuple_Check(row)) {
        PyErr_SetString(PyExc_TypeError, "a row is a tuple of unit numbers");
        return 0;
    }
    taken->size = PyTuple_GET_SIZE(row);
    taken->units = PyMem_Malloc((size_t)(taken->size ? taken->size : 1) * sizeof(uint32_t));
    if (taken->units == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t at = 0; at < taken->size; at++) {
        unsigned long unit = PyLong_AsUnsignedLong(PyTuple_GET_ITEM(row, at));
        if (PyErr_Occurred()) {
            PyMem_Free(taken->units);
            taken->units = NULL;
            return 0;
        }
        taken->units[at] = (uint32_t)unit;
    }
    return 1;
}

static PyMethodDef segment_methods[] = {
    {"text", (PyCFunction)(void (*)(void))segment_text, METH_FASTCALL,
     "text(document, characters): return the text of a document, or so many characters of its beginning."},
    {"mark", (PyCFunction)(void (*)(void))segment_mark, METH_FASTCALL,
     "mark(row, fields, found): set found for each document that holds a row in one of the fields (bits)."},
    {"add_holding", (PyCFunction)(void (*)(void))segment_add_holding, METH_FASTCALL,
     "add_holding(documents, rows, weights, sums): add the weight of each row to the documents that hold it."},
    {"holding", (PyCFunction)(void (*)(void))segment_holding, METH_FASTCALL,
     "holding(bigrams, units, words): return how many documents hold each, deleted ones too."},
    {"frequencies", (PyCFunction)(void (*)(void))segment_frequencies, METH_FASTCALL,
     "frequencies(documents, bigrams, words, title_factors, body_factors, out): weighted frequencies, a row a term."},
    {"add_scores", (PyCFunction)(void (*)(void))segment_add_scores, METH_FASTCALL,
     "add_scores(documents, bigrams, words, title_factors, body_factors, sums, most, k1): add what each term gives."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject segment_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "indexer.embedded.kernel.native.Segment",
    .tp_doc = "The arrays of one segment of the index, to be looked up in.",
    .tp_basicsize = sizeof(Segment),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = segment_new,
    .tp_dealloc = segment_dealloc,
    .tp_methods = segment_methods,
};

static PyMethodDef module_methods[] = {
    {"pack_steps", (PyCFunction)(void (*)(void))kernel_pack_steps, METH_FASTCALL,
     "pack_steps(positions, lengths, is_long, sizes): return lists as bytes; write how many each has."},
    {"add_title_boost", (PyCFunction)(void (*)(void))kernel_add_title_boost, METH_FASTCALL,
     "add_title_boost(documents, held, lengths, priors, cores, scores, numbers): add what a run in the title gives."},
    {"order_keys", (PyCFunction)(void (*)(void))kernel_order_keys, METH_FASTCALL,
     "order_keys(documents, places, size, scores, step, keys): write the number by which each stands in order."},
    {"leave_out_copies", (PyCFunction)(void (*)(void))kernel_leave_out_copies, METH_FASTCALL,
     "leave_out_copies(groups, documents, keys, kept): set kept to False behind a copy; return how many these are."},
    {"lowest", (PyCFunction)(void (*)(void))kernel_lowest, METH_FASTCALL,
     "lowest(keys, limit): return the places of the lowest keys, lowest first."},
    {"count", (PyCFunction)(void (*)(void))kernel_count, METH_FASTCALL,
     "count(numbers, width, documents, counts): count the numbers in the row of each document."},
    {"sums", (PyCFunction)(void (*)(void))kernel_sums, METH_FASTCALL,
     "sums(counts, spans): add up the counts from the first number of each pair to before the second."},
    {"most", (PyCFunction)(void (*)(void))kernel_most, METH_FASTCALL,
     "most(counts, limit): return the places of the highest counts, none of 0, and these; of equal ones the first."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "native",
    .m_doc = "What takes numpy many small steps, in one call each.",
    .m_size = -1,
    .m_methods = module_methods,
};

PyMODINIT_FUNC
PyInit_native(void)
{
    fill_tables();
    if (PyType_Ready(&segment_type) < 0) {
        return NULL;
    }
    PyObject *module = PyModule_Create(&module_definition);
    if (module == NULL || PyModule_AddObjectRef(module, "Segment", (PyObject *)&segment_type) < 0 ||
        PyModule_AddIntConstant(module, "REVISION", REVISION) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
