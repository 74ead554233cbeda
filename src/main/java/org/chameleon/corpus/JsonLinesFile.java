package org.chameleon.corpus;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.FirstBytes;
import org.chameleon.storage.HadoopSettings;

/** A file of JSON lines as it is opened: its first bytes must be what its name says. */
final class JsonLinesFile {
  private static final int BUFFER = 1 << 20;

  private final CorpusFile file;
  private final int zstdWindowLog;

  private JsonLinesFile(CorpusFile file, int zstdWindowLog) {
    this.file = file;
    this.zstdWindowLog = zstdWindowLog;
  }

  /**
   * Returns the lines of a file.
   *
   * @throws org.chameleon.config.InvalidInputException if it holds something else
   */
  static LineReader open(CorpusFile file, int zstdWindowLog, Configuration hadoop)
      throws IOException {
    JsonLinesFile opened = new JsonLinesFile(file, zstdWindowLog);
    Path path = new Path(file.path());
    BufferedInputStream raw =
        new BufferedInputStream(HadoopSettings.ofSources(path, hadoop).open(path), BUFFER);
    try {
      opened.requireFormat(raw);
      LineReader lines = new LineReader(opened.inflated(raw));
      opened.requireLines(lines.first(FirstBytes.COUNT));
      return lines;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** Returns the lines of a plain file from one on; what it is was seen when it was counted. */
  static LineReader openAt(CorpusFile file, long offset, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    FSDataInputStream in = HadoopSettings.ofSources(path, hadoop).open(path);
    try {
      in.seek(offset);
      return new LineReader(in, offset);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void requireFormat(InputStream raw) throws IOException {
    raw.mark(FirstBytes.COUNT);
    String found = FirstBytes.kind(raw.readNBytes(FirstBytes.COUNT)).orElse(null);
    raw.reset();
    String wanted =
        switch (file.format()) {
          case JSON_GZIP -> "gzip";
          case JSON_ZSTD -> "zstd";
          default -> null;
        };
    if (wanted != null && !wanted.equals(found) && !isSkippableFrame(found, wanted)) {
      throw file.refused(
          "it is not %s, as its name says%s. Rename or compress it."
              .formatted(wanted, found == null ? "" : ", but " + found));
    }
    if (wanted == null && found != null) {
      boolean packed = found.equals("gzip") || found.equals("zstd");
      throw file.refused(
          "it is %s, not JSON lines. %s"
              .formatted(
                  found,
                  packed
                      ? "Give its name the ending " + (found.equals("gzip") ? ".gz." : ".zst.")
                      : found.startsWith("UTF-")
                          ? "Convert it to UTF-8 (iconv -t UTF-8)."
                          : "Convert it, or leave it out."));
    }
  }

  /** A zstd file may begin with a frame of somebody's own; its magic number has no one value. */
  private static boolean isSkippableFrame(String found, String wanted) {
    return found == null && wanted.equals("zstd");
  }

  private InputStream inflated(InputStream raw) throws IOException {
    return switch (file.format()) {
      case JSON_GZIP -> new GzipCompressorInputStream(raw, true);
      case JSON_ZSTD -> new ZstdInputStream(raw).setContinuous(false).setLongMax(zstdWindowLog);
      default -> raw;
    };
  }

  private void requireLines(byte[] first) {
    String text = new String(first, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
    if (file.format() != FileFormat.JSON) {
      FirstBytes.kind(first)
          .ifPresent(
              kind -> {
                throw file.refused(
                    "what is compressed in it is %s, not JSON lines. Convert it, or leave it out."
                        .formatted(kind));
              });
    }
    if (text.startsWith("[")) {
      throw file.refused(
          "it is a JSON array, not JSON lines. Write one object on each line (jq -c '.[]').");
    }
  }
}
