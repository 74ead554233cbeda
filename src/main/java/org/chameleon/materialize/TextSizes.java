package org.chameleon.materialize;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  private TextSizes() {}

  /** Returns the bytes of a document of each domain, about. */
  static Map<String, Double> perDocument(Corpus corpus, ShardFormat format, long seed) {
    WindowSampler.Seed drawn = new WindowSampler.Seed(seed, "materialize sizes");
    Map<String, long[]> ordinals = new TreeMap<>();
    corpus.domains().forEach((d, files) -> ordinals.put(d, drawn.documents(files, DOCUMENTS)));
    Map<String, Size> sums = new TreeMap<>();
    corpus
        .read(ordinals, () -> new Measuring(format), Measuring::sizes)
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

  private static final class Measuring implements DocumentVisitor {
    private final ShardFormat format;
    private final Map<String, ByteArrayOutputStream> texts = new HashMap<>();
    private final Map<String, Long> documents = new HashMap<>();

    Measuring(ShardFormat format) {
      this.format = format;
    }

    @Override
    public void visit(Document document, boolean isDrawn) {
      byte[] bytes =
          document.tokens() == null
              ? document.text().getBytes(StandardCharsets.UTF_8)
              : new byte[ID_BYTES * document.tokens().length];
      texts
          .computeIfAbsent(document.domain(), d -> new ByteArrayOutputStream())
          .write(bytes, 0, bytes.length);
      documents.merge(document.domain(), 1L, Long::sum);
    }

    List<Size> sizes() {
      List<Size> sizes = new ArrayList<>();
      texts.forEach(
          (domain, text) -> {
            long n = documents.get(domain);
            double bytes =
                format == ShardFormat.PARQUET
                    ? Zstd.compress(text.toByteArray()).length
                    : text.size() + (double) ROW_OVERHEAD * n;
            sizes.add(new Size(domain, n, bytes));
          });
      return sizes;
    }
  }
}
