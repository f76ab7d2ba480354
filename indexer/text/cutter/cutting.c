/* Rows of Chinese characters cut as `jieba_dictionary.Dictionary` cuts them, into numbers instead of strings. */
#include "tree.h"

#include <math.h>
#include <string.h>

/* Goes up with whatever changes in what is taken and given, together with the one in __init__.py. */
#define REVISION 1

#define BREAK_CODE 0 /* as in units */
#define OTHER (-1)   /* stands, among the numbers of words, for a unit that is none of a cutter's business, */
#define END (-2)     /* and for the end of a text */

typedef struct {
    PyObject_HEAD
    Tree tree;
} Words;

static PyObject *
words_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_buffer lines;
    double total;
    if (kwargs != NULL && PyDict_Size(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "Words takes no names");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "y*d", &lines, &total)) {
        return NULL;
    }
    Words *self = (Words *)type->tp_alloc(type, 0);
    if (self != NULL) {
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = grow(&self->tree, lines.buf, lines.len, total);
        Py_END_ALLOW_THREADS
        if (!done) {
            Py_CLEAR(self);
            PyErr_NoMemory();
        }
    }
    PyBuffer_Release(&lines);
    return (PyObject *)self;
}

static void
words_dealloc(PyObject *object)
{
    fell(&((Words *)object)->tree);
    Py_TYPE(object)->tp_free(object);
}

/* ── cutting ──────────────────────────────────────────────────────────────────────────────────────── */

typedef struct {
    double likelihood; /* of the best way from here to the end of the row */
    uint32_t length;   /* of its first word */
    uint32_t node;     /* which is this */
} Way;

static inline int
is_han(uint32_t code)
{
    return code >= FIRST_HAN && code <= LAST_HAN;
}

/* Find the likeliest way through a row of `length` characters, from the last one on; of equals the longer word. */
static void
find_ways(const Tree *tree, const uint32_t *row, Py_ssize_t length, Way *ways)
{
    ways[length].likelihood = 0;
    for (Py_ssize_t start = length - 1; start >= 0; start--) {
        uint32_t node = tree->first[row[start] - FIRST_HAN];
        Way best = {tree->unknown + ways[start + 1].likelihood, 1, node};
        int found = 0;
        for (Py_ssize_t stop = start + 1;; stop++) {
            const Node *here = &tree->nodes[node];
            double likelihood = here->likelihood + ways[stop].likelihood;
            if (here->likelihood != -INFINITY && (!found || likelihood >= best.likelihood)) {
                best = (Way){likelihood, (uint32_t)(stop - start), node};
                found = 1;
            }
            if (stop == length || !here->has_children ||
                (node = child_of(tree, node, (uint16_t)(row[stop] - FIRST_HAN))) == 0) {
                break;
            }
        }
        ways[start] = best;
    }
}

static Py_ssize_t
cut_all(const Tree *tree, const uint32_t *codes, Py_ssize_t count, uint32_t end, Way *ways, int32_t *numbers)
{
    Py_ssize_t written = 0;
    for (Py_ssize_t at = 0; at < count;) {
        if (!is_han(codes[at])) {
            if (codes[at] == end) {
                numbers[written++] = END;
            }
            else if (codes[at] != BREAK_CODE) {
                numbers[written++] = OTHER;
            }
            at++;
            continue;
        }
        Py_ssize_t length = 1;
        while (at + length < count && is_han(codes[at + length])) {
            length++;
        }
        find_ways(tree, &codes[at], length, ways);
        for (Py_ssize_t place = 0; place < length; place += ways[place].length) {
            numbers[written++] = (int32_t)ways[place].node;
        }
        at += length;
    }
    return written;
}

static int
take(PyObject *array, Py_buffer *view, const char *kinds, int flags)
{
    if (PyObject_GetBuffer(array, view, PyBUF_ND | PyBUF_FORMAT | flags) < 0) {
        return 0;
    }
    if (view->ndim != 1 || view->itemsize != 4 || view->format == NULL || strlen(view->format) != 1 ||
        strchr(kinds, view->format[0]) == NULL || (uintptr_t)view->buf % 4) {
        PyBuffer_Release(view);
        PyErr_SetString(PyExc_ValueError, "not an array of whole numbers of four bytes");
        return 0;
    }
    return 1;
}

static PyObject *
words_cut(PyObject *object, PyObject *args)
{
    Words *self = (Words *)object;
    PyObject *codes_given, *numbers_given;
    unsigned int end;
    Py_buffer codes, numbers;
    if (!PyArg_ParseTuple(args, "OIO", &codes_given, &end, &numbers_given) || !take(codes_given, &codes, "IL", 0)) {
        return NULL;
    }
    if (!take(numbers_given, &numbers, "il", PyBUF_WRITABLE)) {
        PyBuffer_Release(&codes);
        return NULL;
    }
    PyObject *result = NULL;
    Py_ssize_t count = codes.len / 4;
    Way *ways = PyMem_RawMalloc(((size_t)count + 1) * sizeof(Way));
    if (numbers.len < codes.len) {
        PyErr_SetString(PyExc_ValueError, "there may be as many words as units");
    }
    else if (ways == NULL) {
        PyErr_NoMemory();
    }
    else {
        Py_ssize_t written;
        Py_BEGIN_ALLOW_THREADS
        written = cut_all(&self->tree, codes.buf, count, end, ways, numbers.buf);
        Py_END_ALLOW_THREADS
        result = PyLong_FromSsize_t(written);
    }
    PyMem_RawFree(ways);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&codes);
    return result;
}

/* ── the words of numbers ─────────────────────────────────────────────────────────────────────────── */

static PyObject *
spelled(const Tree *tree, uint32_t node)
{
    Py_ssize_t length = 1;
    for (uint32_t at = node; tree->first[tree->nodes[at].character] != at; at = tree->nodes[at].parent) {
        length++;
    }
    PyObject *word = PyBytes_FromStringAndSize(NULL, length * HAN_BYTES);
    if (word == NULL) {
        return NULL;
    }
    char *end = PyBytes_AS_STRING(word) + length * HAN_BYTES;
    for (uint32_t at = node; length > 0; at = tree->nodes[at].parent, length--) {
        int code = tree->nodes[at].character + FIRST_HAN;
        end -= HAN_BYTES;
        end[0] = (char)(0xE0 | code >> 12);
        end[1] = (char)(0x80 | (code >> 6 & 0x3F));
        end[2] = (char)(0x80 | (code & 0x3F));
    }
    return word;
}

static PyObject *
words_spell(PyObject *object, PyObject *array)
{
    Words *self = (Words *)object;
    Py_buffer view;
    if (!take(array, &view, "il", 0)) {
        return NULL;
    }
    const int32_t *numbers = view.buf;
    Py_ssize_t count = view.len / 4;
    PyObject *words = PyList_New(count);
    for (Py_ssize_t at = 0; words != NULL && at < count; at++) {
        PyObject *word = NULL;
        if (numbers[at] < 0 || (uint32_t)numbers[at] >= self->tree.count) {
            PyErr_SetString(PyExc_ValueError, "no number of a word");
        }
        else {
            word = spelled(&self->tree, (uint32_t)numbers[at]);
        }
        if (word == NULL) {
            Py_CLEAR(words);
            break;
        }
        PyList_SET_ITEM(words, at, word);
    }
    PyBuffer_Release(&view);
    return words;
}

static Py_ssize_t
words_length(PyObject *object)
{
    return ((Words *)object)->tree.count;
}

static PyMethodDef words_methods[] = {
    {"cut", words_cut, METH_VARARGS, "Cut units by their codes; write the number of each word, return how many."},
    {"spell", words_spell, METH_O, "Return the words of some numbers as UTF-8."},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods words_sequence = {.sq_length = words_length};

static PyTypeObject words_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "indexer.text.cutter.native.Words",
    .tp_basicsize = sizeof(Words),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "The words of a dictionary, numbered in their order.",
    .tp_new = words_new,
    .tp_dealloc = words_dealloc,
    .tp_methods = words_methods,
    .tp_as_sequence = &words_sequence,
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "native",
    .m_doc = "Cuts rows of Chinese characters into the numbers of words.",
    .m_size = -1,
};

PyMODINIT_FUNC
PyInit_native(void)
{
    if (PyType_Ready(&words_type) < 0) {
        return NULL;
    }
    PyObject *module = PyModule_Create(&module_definition);
    if (module == NULL || PyModule_AddObjectRef(module, "Words", (PyObject *)&words_type) < 0 ||
        PyModule_AddIntConstant(module, "REVISION", REVISION) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
