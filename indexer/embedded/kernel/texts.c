/* A text put together from its row of units and what is written beside them: the same as `texts.py`. */
#include "segment.h"

typedef struct { /* a text that is being put together */
    uint32_t *points;
    Py_ssize_t size, room;
    uint32_t most; /* the highest code point */
} Text;

enum { MOST_CHARACTERS = 1 << 28 }; /* no file says more in earnest */

/* Make room for so many characters more. */
static int
make_room(Text *text, Py_ssize_t more)
{
    Py_ssize_t wanted = text->size + more;
    if (wanted <= text->room) {
        return FINE;
    }
    if (wanted > MOST_CHARACTERS) {
        return DAMAGED;
    }
    Py_ssize_t room = wanted + wanted / 2;
    uint32_t *points = PyMem_RawRealloc(text->points, (size_t)room * sizeof(uint32_t));
    if (points == NULL) {
        return NO_MEMORY;
    }
    text->points = points;
    text->room = room;
    return FINE;
}

static inline void
add_point(Text *text, uint32_t point)
{
    text->points[text->size++] = point;
    text->most = point > text->most ? point : text->most;
}

/* Add a string of UTF-8, in which halves of surrogates may stand too, and leave room for `rest` characters more. */
static int
add_string(Text *text, const Numbers *ends, const Numbers *bytes, Py_ssize_t number, Py_ssize_t rest)
{
    Stretch stretch;
    if (bytes->width != 1 || number < 0 || number >= ends->count ||
        stretch_of(ends, number, bytes->count, &stretch) != FINE) {
        return DAMAGED;
    }
    int code = make_room(text, stretch.high - stretch.low + rest);
    const uint8_t *at = bytes->at + stretch.low, *end = bytes->at + stretch.high;
    while (at < end && code == FINE) {
        uint32_t head = *at++;
        int more = head < 0x80 ? 0 : head >= 0xC2 && head < 0xE0 ? 1 : head >= 0xE0 && head < 0xF0 ? 2
                   : head >= 0xF0 && head < 0xF5 ? 3 : -1;
        if (more < 0 || end - at < more) {
            return DAMAGED;
        }
        uint32_t point = more == 0 ? head : head & (0x3Fu >> more);
        for (; more > 0; more--) {
            if ((*at & 0xC0) != 0x80) {
                return DAMAGED;
            }
            point = point << 6 | (*at++ & 0x3F);
        }
        add_point(text, point);
    }
    return code;
}

/* Return the number of what is written at a break, -1 if the file cannot be. */
static Py_ssize_t
written_at_break(const Texts *texts, Py_ssize_t place)
{
    if (place < 0 || place >= texts->breaks.count) {
        return -1;
    }
    uint64_t number = number_at(&texts->breaks, place);
    if (number == 255) { /* stands for itself and more */
        Py_ssize_t many = find_number(&texts->many_at, (uint64_t)place);
        if (many >= 0 && many < texts->many_counts.count) {
            number = number_at(&texts->many_counts, many);
        }
    }
    return (Py_ssize_t)number;
}

/* Add the characters of units that are written as they are, from a place on and below another; return the first place
 * that is no such unit. There is room. */
#define ADD_PLAIN(read)                                                                        \
    do {                                                                                       \
        const read *units = (const read *)sequence->at;                                        \
        for (; at < end && (uint64_t)units[at] - FIRST_UNIT < count; at++) {                   \
            uint32_t point = points[units[at] - FIRST_UNIT];                                   \
            to[size++] = point;                                                                \
            most = point > most ? point : most;                                                \
        }                                                                                      \
    } while (0)

static Py_ssize_t
add_plain(const Numbers *characters, const Numbers *sequence, Py_ssize_t at, Py_ssize_t end, Text *text)
{
    if (characters->width != sizeof(uint32_t)) {
        return at;
    }
    const uint32_t *points = (const uint32_t *)characters->at;
    uint64_t count = (uint64_t)characters->count;
    uint32_t *to = text->points, most = text->most;
    Py_ssize_t size = text->size;
    if (sequence->width == sizeof(uint16_t)) {
        ADD_PLAIN(uint16_t);
    }
    else if (sequence->width == sizeof(uint32_t)) {
        ADD_PLAIN(uint32_t);
    }
    text->size = size;
    text->most = most;
    return at;
}

/* Put together the stretches of the places of a row, up to so many characters if these are not below 0. */
static int
put_together(const Segment *segment, Stretch places, Py_ssize_t at_break, Py_ssize_t characters, Text *text)
{
    const Texts *texts = &segment->texts;
    const Numbers *sequence = &segment->fields[BODY].sequence;
    uint64_t first_run = (uint64_t)texts->characters.count + FIRST_UNIT;
    Py_ssize_t odd = place_of(&texts->odd_at, (uint64_t)places.low, 0, texts->odd_at.count);
    uint64_t next_odd = odd < texts->odd_at.count ? number_at(&texts->odd_at, odd) : UINT64_MAX;
    int code = make_room(text, places.high - places.low);
    for (Py_ssize_t at = places.low; at < places.high && code == FINE; at++) {
        if (characters >= 0 && text->size >= characters) {
            break;
        }
        Py_ssize_t plain = next_odd < (uint64_t)places.high ? (Py_ssize_t)next_odd : places.high;
        at = add_plain(&texts->characters, sequence, at, plain, text);
        if (at == places.high) {
            break;
        }
        Py_ssize_t rest = places.high - at;
        uint64_t unit = number_at(sequence, at);
        if (unit < FIRST_UNIT) {
            code = add_string(text, &texts->ends, &texts->bytes, written_at_break(texts, at_break++), rest);
        }
        else if ((uint64_t)at == next_odd) {
            if (odd >= texts->odd.count) {
                return DAMAGED;
            }
            code = add_string(text, &texts->ends, &texts->bytes, (Py_ssize_t)number_at(&texts->odd, odd), rest);
        }
        else if (unit < first_run) {
            add_point(text, (uint32_t)number_at(&texts->characters, (Py_ssize_t)(unit - FIRST_UNIT)));
        }
        else {
            code = add_string(text, &texts->run_ends, &texts->run_bytes, (Py_ssize_t)(unit - first_run), rest);
        }
        if ((uint64_t)at == next_odd) {
            odd++;
            next_odd = odd < texts->odd_at.count ? number_at(&texts->odd_at, odd) : UINT64_MAX;
        }
    }
    if (characters >= 0 && text->size > characters) {
        text->size = characters;
    }
    return code;
}

PyObject *
segment_text(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    const Segment *segment = (Segment *)self;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "text(document, characters)");
        return NULL;
    }
    Py_ssize_t document = PyLong_AsSsize_t(args[0]), characters = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    const Field *field = &segment->fields[BODY];
    Stretch places;
    if (document >= segment->documents || document >= segment->texts.before.count ||
        stretch_of(&field->starts, document, field->sequence.count, &places) != FINE) {
        return raise_for(DAMAGED);
    }
    Text text = {NULL, 0, 0, 0};
    Py_ssize_t at_break = (Py_ssize_t)number_at(&segment->texts.before, document);
    int code = put_together(segment, places, at_break, characters, &text);
    PyObject *found = NULL;
    if (code != FINE || text.most > 0x10FFFF) {
        raise_for(code == NO_MEMORY ? code : DAMAGED);
    }
    else {
        found = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.points, text.size);
    }
    PyMem_RawFree(text.points);
    return found;
}
