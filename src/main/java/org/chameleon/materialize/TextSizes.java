package org.chameleon.materialize;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DocumentVisitor;
import org.chameleon.sampling.WindowSampler;

/** Estimates how large documents become as they are written, from a few of each domain. */
final class TextSizes {
  private static final int DOCUMENTS = 200;
  private static final int ROW_OVERHEAD = 64;
  private static final int ID_BYTES = 4;
  private static final int KEPT = 1 << 18;

  private TextSizes() {}

  /** Returns the bytes of a document of each domain, about. */
  static Map<String, Double> perDocument(Corpus corpus, ShardFormat format, long seed) {
    WindowSampler.Seed drawn = new WindowSampler.Seed(seed, "materialize sizes");
    Map<String, long[]> ordinals = new TreeMap<>();
    corpus.domains().forEach((d, files) -> ordinals.put(d, drawn.documents(files, DOCUMENTS)));
    Map<String, Size> sums = new TreeMap<>();
    corpus
        .read(ordinals, () -> new Measuring(format), m -> m.sizes().iterator())
        .collect()
        .forEach(size -> sums.merge(size.domain(), size, Size::plus));
    Map<String, Double> result = new TreeMap<>();
    sums.forEach((domain, size) -> result.put(domain, size.bytes() / size.documents()));
    return result;
  }

  /** The bytes of some documents of a domain. */
  private record Size(String domain, long documents, double bytes) implements Serializable {
    Size plus(Size other) {
      return new Size(domain, documents + other.documents, bytes + other.bytes);
    }
  }

  /** Measures documents; of their text it keeps no more than a beginning, to compress. */
  private static final class Measuring implements DocumentVisitor {
    private final ShardFormat format;
    private final Map<String, ByteArrayOutputStream> beginnings = new HashMap<>();
    private final Map<String, Size> sizes = new HashMap<>();

    Measuring(ShardFormat format) {
      this.format = format;
    }

    @Override
    public void visit(Document document, boolean isDrawn) {
      String domain = document.domain();
      int bytes;
      if (document.tokens() == null) {
        byte[] text = document.text().getBytes(StandardCharsets.UTF_8);
        bytes = text.length;
        ByteArrayOutputStream kept =
            beginnings.computeIfAbsent(domain, d -> new ByteArrayOutputStream());
        kept.write(text, 0, Math.min(bytes, KEPT - Math.min(KEPT, kept.size())));
      } else {
        bytes = ID_BYTES * document.tokens().length;
      }
      sizes.merge(domain, new Size(domain, 1, bytes), Size::plus);
    }

    List<Size> sizes() {
      return sizes.values().stream().map(this::written).toList();
    }

    private Size written(Size plain) {
      ByteArrayOutputStream text = beginnings.get(plain.domain());
      double bytes =
          format == ShardFormat.JSONL
              ? plain.bytes() + (double) ROW_OVERHEAD * plain.documents()
              : text == null || text.size() == 0
                  ? plain.bytes()
                  : plain.bytes() * Zstd.compress(text.toByteArray()).length / text.size();
      return new Size(plain.domain(), plain.documents(), bytes);
    }
  }
}
