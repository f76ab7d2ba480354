/* How arrays are taken from Python, and what is raised. */
#include "numbers.h"

/* Say that an array is not of the kind that was expected, unless something else was said. */
static int
refuse(Py_buffer *view, const char *why)
{
    if (view->obj != NULL) {
        PyBuffer_Release(view);
    }
    if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, why);
    }
    return 0;
}

static int
is_one_of(const char *format, const char *kinds)
{
    return format != NULL && format[0] != '\0' && format[1] == '\0' && strchr(kinds, format[0]) != NULL;
}

int
take_numbers(PyObject *array, Numbers *numbers)
{
    Py_buffer *view = &numbers->view;
    memset(view, 0, sizeof(*view));
    if (PyObject_GetBuffer(array, view, PyBUF_ND | PyBUF_FORMAT) < 0) {
        return refuse(view, "not an array");
    }
    Py_ssize_t width = view->itemsize;
    if (view->ndim != 1 || !is_one_of(view->format, "BHILQ") ||
        (width != 1 && width != 2 && width != 4 && width != 8) ||
        (view->len && (uintptr_t)view->buf % (uintptr_t)width)) {
        return refuse(view, "not an array of whole numbers in this machine's order");
    }
    numbers->at = view->buf;
    numbers->count = view->len / width;
    numbers->width = (int)width;
    return 1;
}

int
take_array(PyObject *array, Py_buffer *view, const char *kind, Py_ssize_t count, int writable)
{
    memset(view, 0, sizeof(*view));
    if (PyObject_GetBuffer(array, view, PyBUF_ND | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0)) < 0) {
        return refuse(view, "not an array");
    }
    Py_ssize_t width = kind[0] == 'f' ? 4 : kind[0] == 'q' ? 8 : 1;
    const char *formats = kind[0] == 'q' ? "qln" : kind;
    if (!is_one_of(view->format, formats) || view->itemsize != width ||
        (view->len && (uintptr_t)view->buf % (uintptr_t)width)) {
        return refuse(view, "an array of another kind than expected");
    }
    if (count >= 0 && view->len != count * width) {
        return refuse(view, "an array of another length than expected");
    }
    return 1;
}

PyObject *
raise_for(int code)
{
    if (code == NO_MEMORY) {
        return PyErr_NoMemory();
    }
    PyErr_SetString(PyExc_ValueError, "a file of the index says what cannot be");
    return NULL;
}
