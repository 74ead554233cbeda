package org.chameleon.corpus;

import java.io.Serializable;

/**
 * The columns that a reader needs. A name with dots is that of a column, or else of a field inside
 * structs: {@code meta.source}.
 *
 * @param domain the column that names the domain, where the file's place does not
 * @param content the column of text or of token ids
 * @param tokens whether {@code content} holds token ids
 * @param badRows what happens to rows without usable content
 * @param zstdWindowLog largest window of Zstandard files, a power of two
 * @param names what the domains are called
 */
record Columns(
    String domain,
    String content,
    boolean tokens,
    BadRows badRows,
    int zstdWindowLog,
    DomainNames names)
    implements Serializable {

  /** Returns what the content must be, for messages. */
  String wanted() {
    return tokens ? "a list of whole numbers" : "a string";
  }
}
