package org.chameleon.corpus;

import java.util.Map;

/** What a scan of drawn documents hands each document to. */
public interface DocumentVisitor extends AutoCloseable {

  /** Tells, before any document, how many of each domain are drawn of what is read. */
  default void begin(Map<String, Integer> drawn) {}

  /** Takes a document, in the order of rows; {@code drawn} is false for one that only follows. */
  void visit(Document document, boolean drawn);

  /** Returns whether the next document of this domain is wanted though it may not be drawn. */
  default boolean wantsMore(String domain) {
    return false;
  }

  /** Returns whether the next document of any domain is wanted though it may not be drawn. */
  default boolean wantsMore() {
    return false;
  }

  /** Lets go of what it keeps, when the task that it is in has ended. */
  @Override
  default void close() {}

  /** The file has no further document, or none that is wanted. */
  default void endOfScan() {}

  /** Returns how many tokens it has seen, if it counts them. */
  default long tokens() {
    return 0;
  }

  /** Returns how many windows it has found, if it looks for them. */
  default long windows() {
    return 0;
  }
}
