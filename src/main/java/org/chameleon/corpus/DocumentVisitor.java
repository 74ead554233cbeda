package org.chameleon.corpus;

/** What a scan of drawn documents hands each document to. */
public interface DocumentVisitor {

  /** Takes a document, in the order of rows; {@code drawn} is false for one that only follows. */
  void visit(Document document, boolean drawn);

  /** Returns whether the next document of this domain is wanted though it may not be drawn. */
  boolean wantsMore(String domain);

  /** Returns whether the next document of any domain is wanted though it may not be drawn. */
  boolean wantsMore();

  /** The file has no further document, or none that is wanted. */
  void endOfScan();
}
