package org.chameleon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small corpora that differ in their words, made up by a seeded generator. */
public final class TinyCorpus {
  /** Columns {@code domain, text}. */
  public static final StructType SCHEMA =
      new StructType().add("domain", DataTypes.StringType).add("text", DataTypes.StringType);

  private static final Map<String, String> WORDS =
      new TreeMap<>(
          Map.of(
              "code",
                  "int return if else for while class void public static new null = + { } ; ( )",
              "poems", "moon river night the a of silver song and wind over under heart sleep rose",
              "news",
                  "the a of market said minister on monday percent and government talks new deal",
              "sums", "1 2 3 4 5 6 7 8 9 0 + - = * equals plus minus times the a of"));

  private TinyCorpus() {}

  /** Returns the names of the domains in order. */
  public static List<String> domains() {
    return List.copyOf(WORDS.keySet());
  }

  /** Returns {@code documents} documents of each domain, of 20 to 120 words. */
  public static List<Row> rows(int documents, long seed) {
    List<Row> rows = new ArrayList<>();
    WORDS.forEach(
        (domain, words) -> {
          Random random = new Random(seed + domain.hashCode());
          for (int i = 0; i < documents; i++) {
            rows.add(RowFactory.create(domain, text(words.split(" "), random)));
          }
        });
    return rows;
  }

  private static String text(String[] words, Random random) {
    StringBuilder text = new StringBuilder();
    int length = 20 + random.nextInt(100);
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : " ").append(words[random.nextInt(words.length)]);
    }
    return text.toString();
  }

  /** Writes rows as Parquet, in as many files as asked for. */
  public static Path parquet(List<Row> rows, Path folder, int files) {
    TestSpark.session()
        .createDataFrame(rows, SCHEMA)
        .repartition(files)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.toString());
    return folder;
  }
}
