package org.chameleon.sequences;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import org.apache.commons.codec.digest.MurmurHash3;
import org.chameleon.corpus.Document;

/**
 * The contents of documents, as 128 bits of hash each: equal for exact duplicates, and for nothing
 * else.
 *
 * @param hashes of the contents
 */
public record ContentHashes(Set<Hash> hashes) implements Serializable {

  /** No content. */
  public static final ContentHashes NONE = new ContentHashes(Set.of());

  /** The hash of one content. */
  public record Hash(long high, long low) implements Serializable {}

  /** Copies the hashes. */
  public ContentHashes {
    hashes = Set.copyOf(hashes);
  }

  /** Returns contents by their hashes. */
  public static ContentHashes of(Collection<Hash> hashes) {
    return new ContentHashes(Set.copyOf(hashes));
  }

  /** Returns the hash of a document's text, or ids. */
  public static Hash of(Document document) {
    byte[] content;
    if (document.text() != null) {
      content = document.text().getBytes(StandardCharsets.UTF_8);
    } else {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * document.tokens().length);
      bytes.asIntBuffer().put(document.tokens());
      content = bytes.array();
    }
    long[] hash = MurmurHash3.hash128x64(content);
    return new Hash(hash[0], hash[1]);
  }

  /** Returns whether a document has one of these contents. */
  public boolean contains(Document document) {
    return !hashes.isEmpty() && hashes.contains(of(document));
  }
}
