// Four bytes at once: the high bit of a byte of `(x - ONES) & ~x & HIGH_BITS` is set where that byte of x is 0 (and no byte before it is wrong); with x the bytes
// XOR a byte four times, where they hold that byte. `(x - BLANKS) & ~x & HIGH_BITS` finds what comes before the blank: control characters.

/** One in each byte. */
export const ONES = 0x01010101;
/** As the 32 bits that operators on them give. */
export const HIGH_BITS = 0x80808080 | 0;
/** A byte four times, by its name. */
export const BLANKS = 0x20202020;
/** The same of quotes. */
export const QUOTES = 0x22222222;
/** The same of backslashes. */
export const BACKSLASHES = 0x5c5c5c5c;
