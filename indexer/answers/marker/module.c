/* What Python calls: marks, and snippets with theirs, of many texts in one call. */
#include "marker.h"

/* Goes up with whatever changes in what is taken and given, together with the one in __init__.py. */
#define REVISION 1

typedef struct { /* used again for each text of a call */
    Seen seen;
    Places places, marks;
    Py_UCS4 *shown;
    Py_ssize_t room;
} Look;

static void
end_look(Look *look)
{
    Seen *seen = &look->seen;
    free_rows(&seen->rows);
    for (Py_ssize_t run = 0; seen->together != NULL && run < seen->sought->run_count; run++) {
        PyMem_Free(seen->together[run].at);
    }
    PyMem_Free(seen->together);
    PyMem_Free(seen->is_together);
    PyMem_Free(seen->is_held);
    PyMem_Free(seen->held.at);
    PyMem_Free(look->places.at);
    PyMem_Free(look->marks.at);
    PyMem_Free(look->shown);
}

static int
begin_look(Look *look, PyObject *sought)
{
    memset(look, 0, sizeof(*look));
    if (!PyObject_TypeCheck(sought, sought_type())) {
        PyErr_SetString(PyExc_TypeError, "a Sought is expected");
        return 0;
    }
    Seen *seen = &look->seen;
    seen->sought = (Sought *)sought;
    size_t runs = (size_t)seen->sought->run_count + 1, needles = (size_t)seen->sought->needle_count + 1;
    seen->together = PyMem_Calloc(runs, sizeof(Places));
    seen->is_together = PyMem_Calloc(runs, 1);
    seen->is_held = PyMem_Calloc(needles, 1);
    if (seen->together == NULL || seen->is_together == NULL || seen->is_held == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    return 1;
}

/* Fold a text and find what stands together in it. */
static int
look_at(Look *look, PyObject *string, Text *text)
{
    if (!PyUnicode_Check(string)) {
        PyErr_SetString(PyExc_TypeError, "a text is expected");
        return 0;
    }
    *text = (Text){PyUnicode_KIND(string), PyUnicode_DATA(string), PyUnicode_GET_LENGTH(string)};
    const Sought *sought = look->seen.sought;
    if (!sought->needle_count) {
        look->seen.rows.size = 0;
        return 1;
    }
    int code = fold_rows(&sought->table, text, &look->seen.rows);
    if (code == FINE && sought->run_count) {
        code = find_together(&look->seen);
    }
    if (code != FINE) {
        PyErr_NoMemory();
    }
    return code == FINE;
}

/* ── marks ────────────────────────────────────────────────────────────────────────────────────────── */

/* Write places as a tuple of pairs. */
static PyObject *
as_tuple(const Places *places)
{
    PyObject *tuple = PyTuple_New(places->size);
    for (Py_ssize_t at = 0; tuple != NULL && at < places->size; at++) {
        Place one = places->at[at];
        PyObject *pair = Py_BuildValue("(nn)", (Py_ssize_t)one.first, (Py_ssize_t)one.last);
        if (pair == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SET_ITEM(tuple, at, pair);
    }
    return tuple;
}

static PyObject *
all_marks(Look *look)
{
    if (marks_within(&look->seen, 0, look->seen.rows.size, &look->marks) != FINE) {
        return PyErr_NoMemory();
    }
    return as_tuple(&look->marks);
}

/* ── snippets ─────────────────────────────────────────────────────────────────────────────────────── */

/* Return whether this is shown as a space, for a snippet is one line. */
static int
is_line_end(Py_UCS4 one)
{
    return (one >= '\t' && one <= '\r') || (one >= 0x1C && one <= 0x1F) || one == 0x85 || one == 0x2028 || one == 0x2029;
}

/* Put a stretch of a body behind what is shown so far, without spaces around it; return where it begins in the body. */
static Py_ssize_t
add_stretch(Look *look, const Text *body, Place stretch, Py_ssize_t *size)
{
    Py_ssize_t start = stretch.first, end = stretch.last;
    while (start < end && Py_UNICODE_ISSPACE(character(body, start))) {
        start++;
    }
    while (end > start && Py_UNICODE_ISSPACE(character(body, end - 1))) {
        end--;
    }
    if (*size && end > start) {
        look->shown[(*size)++] = ' ';
        look->shown[(*size)++] = 0x2026;
        look->shown[(*size)++] = ' ';
    }
    Py_ssize_t shift = *size - start;
    for (; start < end; start++) {
        Py_UCS4 one = character(body, start);
        look->shown[(*size)++] = is_line_end(one) ? ' ' : one;
    }
    return shift;
}

static int
make_room(Look *look, const Place *stretches, Py_ssize_t count)
{
    Py_ssize_t size = 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        size += (Py_ssize_t)stretches[at].last - stretches[at].first + 3;
    }
    if (size <= look->room) {
        return 1;
    }
    Py_UCS4 *shown = PyMem_Realloc(look->shown, (size_t)size * sizeof(Py_UCS4));
    if (shown == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    look->shown = shown;
    look->room = size;
    return 1;
}

/* Add marks to a list, each so much later. */
static int
add_marks(PyObject *list, const Places *marks, Py_ssize_t shift)
{
    for (Py_ssize_t at = 0; at < marks->size; at++) {
        Place one = marks->at[at];
        PyObject *pair = Py_BuildValue("(nn)", one.first + shift, one.last + shift);
        int is_added = pair != NULL && PyList_Append(list, pair) == 0;
        Py_XDECREF(pair);
        if (!is_added) {
            return 0;
        }
    }
    return 1;
}

/* Write stretches in one line, and what is marked in them. */
static PyObject *
snippet_of(Look *look, const Text *body, const Place *stretches, Py_ssize_t count, int is_marked)
{
    PyObject *marks = PyList_New(0);
    Py_ssize_t size = 0, at = -1;
    int is_fine = marks != NULL && make_room(look, stretches, count);
    for (Py_ssize_t each = 0; each < count && is_fine; each++) {
        Place one = stretches[each];
        Py_ssize_t shift = add_stretch(look, body, one, &size);
        if (!is_marked) {
            continue;
        }
        Rows *rows = &look->seen.rows;
        if (marks_within(&look->seen, rows_before(rows, one.first), rows_before(rows, one.last), &look->marks) != FINE) {
            PyErr_NoMemory();
            is_fine = 0;
            break;
        }
        at = look->marks.size && at < 0 ? (Py_ssize_t)look->marks.at[0].first : at;
        is_fine = add_marks(marks, &look->marks, shift);
    }
    PyObject *tuple = is_fine ? PyList_AsTuple(marks) : NULL;
    PyObject *text = tuple ? PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, look->shown, size) : NULL;
    Py_XDECREF(marks);
    if (text == NULL) {
        Py_XDECREF(tuple);
        return NULL;
    }
    return Py_BuildValue("(NNn)", text, tuple, at);
}

/* Return what is shown of a body that was looked at: a text in one line, its marks, and where the first one lies. */
static PyObject *
show_body(Look *look, const Text *body, int is_marked)
{
    const Sought *sought = look->seen.sought;
    if (telling_places(&look->seen, &look->places) != FINE) {
        return PyErr_NoMemory();
    }
    Place stretches[2];
    if (!look->places.size) {
        stretches[0] = beginning_of(body, sought->snippet_chars);
        return snippet_of(look, body, stretches, 1, 0);
    }
    Py_ssize_t count =
        choose_stretches(body, &look->places, sought->snippet_chars, sought->needle_count, stretches);
    return count < 0 ? PyErr_NoMemory() : snippet_of(look, body, stretches, count, is_marked);
}

/* ── functions ────────────────────────────────────────────────────────────────────────────────────── */

/* Let each of two looks know what stands together in the other; the memory is the caller's to free. */
static uint8_t *
know_each_other(Look *one, Look *other)
{
    Look *looks[] = {one, other};
    Py_ssize_t size = 1;
    for (int at = 0; at < 2; at++) {
        const Sought *sought = looks[at]->seen.sought;
        for (Py_ssize_t run = 0; run < sought->run_count; run++) {
            size = sought->runs[run].number >= size ? sought->runs[run].number + 1 : size;
        }
    }
    uint8_t *marked = PyMem_Calloc((size_t)size * 2, 1);
    if (marked == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    one->seen.elsewhere = marked;
    other->seen.elsewhere = marked + size;
    return marked;
}

static void
tell(const Look *from, const Look *to)
{
    uint8_t *marked = (uint8_t *)to->seen.elsewhere;
    for (Py_ssize_t run = 0; run < from->seen.sought->run_count; run++) {
        marked[from->seen.sought->runs[run].number] = from->seen.is_together[run];
    }
}

/* Show one title and one body: its marks, and either the body's or its snippet. */
static PyObject *
show_one(Look *of_title, Look *of_body, PyObject *title, PyObject *body, int is_snippet)
{
    Text title_text, body_text;
    if (!look_at(of_title, title, &title_text) || !look_at(of_body, body, &body_text)) {
        return NULL;
    }
    tell(of_title, of_body);
    tell(of_body, of_title);
    PyObject *marks = all_marks(of_title);
    PyObject *shown = marks == NULL ? NULL : is_snippet ? show_body(of_body, &body_text, 1) : all_marks(of_body);
    if (shown == NULL) {
        Py_XDECREF(marks);
        return NULL;
    }
    return Py_BuildValue("(NN)", marks, shown);
}

static PyObject *
show_all(PyObject *texts, Look *of_title, Look *of_body, int is_snippet)
{
    PyObject *found = PyList_New(PyList_GET_SIZE(texts));
    for (Py_ssize_t at = 0; found != NULL && at < PyList_GET_SIZE(found); at++) {
        PyObject *pair = at < PyList_GET_SIZE(texts) ? PyList_GET_ITEM(texts, at) : NULL;
        PyObject *one = NULL;
        if (pair != NULL && PyTuple_Check(pair) && PyTuple_GET_SIZE(pair) == 2) {
            Py_INCREF(pair);
            one = show_one(of_title, of_body, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1), is_snippet);
            Py_DECREF(pair);
        }
        else {
            PyErr_SetString(PyExc_TypeError, "pairs of title and body are expected");
        }
        if (one == NULL) {
            Py_CLEAR(found);
            break;
        }
        PyList_SET_ITEM(found, at, one);
    }
    return found;
}

static PyObject *
marker_show(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *texts, *sought, *in_body, *found = NULL;
    int is_snippet;
    if (!PyArg_ParseTuple(args, "O!OOp", &PyList_Type, &texts, &sought, &in_body, &is_snippet)) {
        return NULL;
    }
    Look of_title, of_body = {.shown = NULL};
    if (begin_look(&of_title, sought) && begin_look(&of_body, in_body)) {
        uint8_t *marked = know_each_other(&of_title, &of_body);
        found = marked == NULL ? NULL : show_all(texts, &of_title, &of_body, is_snippet);
        PyMem_Free(marked);
    }
    end_look(&of_title);
    end_look(&of_body);
    return found;
}

static PyObject *
marker_marks(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *string, *sought, *found = NULL;
    if (!PyArg_ParseTuple(args, "OO", &string, &sought)) {
        return NULL;
    }
    Look look;
    Text text;
    if (begin_look(&look, sought) && look_at(&look, string, &text)) {
        found = all_marks(&look);
    }
    end_look(&look);
    return found;
}

static PyObject *
marker_cut(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *string, *sought, *found = NULL;
    int is_marked;
    if (!PyArg_ParseTuple(args, "OOp", &string, &sought, &is_marked)) {
        return NULL;
    }
    Look look;
    Text body;
    if (begin_look(&look, sought) && look_at(&look, string, &body)) {
        found = show_body(&look, &body, is_marked);
    }
    end_look(&look);
    return found;
}

static PyMethodDef module_methods[] = {
    {"show", marker_show, METH_VARARGS,
     "show(texts, sought, in_body, is_snippet): return of each title the marks, and of each body these or a snippet."},
    {"marks", marker_marks, METH_VARARGS, "marks(text, sought): return what of a text matched."},
    {"cut", marker_cut, METH_VARARGS, "cut(body, sought, is_marked): return the snippet of a body."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "native",
    .m_doc = "Finds in texts what a query looks for, and chooses what is shown of them.",
    .m_size = -1,
    .m_methods = module_methods,
};

PyMODINIT_FUNC
PyInit_native(void)
{
    if (PyType_Ready(sought_type()) < 0) {
        return NULL;
    }
    PyObject *module = PyModule_Create(&module_definition);
    if (module == NULL || PyModule_AddObjectRef(module, "Sought", (PyObject *)sought_type()) < 0 ||
        PyModule_AddIntConstant(module, "REVISION", REVISION) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
