package org.chameleon.corpus;

import java.io.Serializable;

/**
 * The columns that a reader needs.
 *
 * @param domain the column that names the domain, where the file's place does not
 * @param content the column of text or of token ids
 * @param tokens whether {@code content} holds token ids
 * @param badRows what happens to rows without usable content
 */
record Columns(String domain, String content, boolean tokens, BadRows badRows)
    implements Serializable {}
