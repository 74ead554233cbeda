package org.chameleon.cli;

/** Text in lines of at most 80 columns. */
final class WrappedText {
  private static final int WIDTH = 80;

  private WrappedText() {}

  /**
   * Returns lines, the first behind a label and the others below its text; a word that is too long
   * has a line of its own.
   */
  static String of(String label, String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(label);
    for (String word : text.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.append(line).append(System.lineSeparator());
        line = new StringBuilder(" ".repeat(label.length()));
      }
      line.append(' ').append(word);
    }
    return lines.append(line).append(System.lineSeparator()).toString();
  }
}
