package org.chameleon.corpus;

/**
 * One object of a line, as far as two of its fields; or what stands in place of one.
 *
 * @param domain the field that names the domain
 * @param content the field of text or token ids
 * @param problem why it is no row, or null
 */
record JsonRow(Field domain, Field content, String problem) {

  static JsonRow bad(String problem) {
    return new JsonRow(Field.ABSENT, Field.ABSENT, problem);
  }

  /** What the value of a field is. */
  enum Kind {
    ABSENT,
    NULL,
    TEXT,
    NUMBERS,
    OTHER
  }

  /**
   * The value of a field.
   *
   * @param kind what it is
   * @param text the text, or the name of another type
   * @param numbers a list of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Field(Kind kind, String text, long[] numbers) {
    static final Field ABSENT = new Field(Kind.ABSENT, null, null);
    static final Field NULL = new Field(Kind.NULL, null, null);

    static Field text(String text) {
      return new Field(Kind.TEXT, text, null);
    }

    static Field numbers(long[] numbers) {
      return new Field(Kind.NUMBERS, "array", numbers);
    }

    static Field other(String type) {
      return new Field(Kind.OTHER, type, null);
    }
  }
}
