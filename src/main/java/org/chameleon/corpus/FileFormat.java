package org.chameleon.corpus;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The formats of corpus files, told by the endings of their names in any case. */
enum FileFormat {
  /** Apache Parquet; what stands behind its ending, as in {@code x.parquet.gzip}, is its codec. */
  PARQUET("\\.(parquet|parq|pq)(\\.(gz|gzip|snappy|zst|zstd|br|brotli|lz4|lzo|uncompressed))?"),
  /** JSON lines. */
  JSON("\\.(jsonl|json|ndjson|jsonlines)"),
  /** JSON lines, gzip. */
  JSON_GZIP("\\.(jsonl|json|ndjson|jsonlines)\\.(gz|gzip)"),
  /** JSON lines, Zstandard. */
  JSON_ZSTD("\\.(jsonl|json|ndjson|jsonlines)\\.(zst|zstd)");

  /** The endings, for messages. */
  static final String ENDINGS =
      ".parquet, .parq, .pq, .jsonl, .json, .ndjson, or one of the last three and .gz or .zst";

  /** Endings of files that hold data which is not read, and names that look as if cut off. */
  private static final Pattern DATA =
      Pattern.compile(
          ".*\\.(csv|tsv|txt|text|arrow|feather|ipc|avro|orc|bin|idx|npy|npz|pkl|pickle|h5|hdf5"
              + "|tfrecord|tfrecords|mds|xml|html?|warc|zip|tar|tgz|7z|bz2|xz|lz4|lzma|zst|zstd|gz"
              + "|gzip|lance|msgpack|db|sqlite|duckdb)"
              + "|.*\\.(parquet|parq|pq|jsonl|json|ndjson|jsonlines)\\..*"
              + "|part-\\d{4,}.*");

  /** What lies beside data and is none. */
  private static final Pattern BESIDE_DATA =
      Pattern.compile(
          "(readme|license|licence|notice|changelog|citation|requirements|checksums?|manifest"
              + "|md5sums?|sha256sums?)(\\..*)?|.*\\.(md5|sha1|sha256|sha512|asc|sig|crc|metadata|lock)");

  private final Pattern ending;

  FileFormat(String ending) {
    this.ending = Pattern.compile(".*" + ending);
  }

  /** Returns the format of a file of this name, if it has one of the endings. */
  static Optional<FileFormat> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (FileFormat format : values()) {
      if (format.ending.matcher(lower).matches()) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** Returns whether a file of this name, which has none of the endings, looks like data. */
  static boolean looksLikeData(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return DATA.matcher(lower).matches() && !BESIDE_DATA.matcher(lower).matches();
  }
}
