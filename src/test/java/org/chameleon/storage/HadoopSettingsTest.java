package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;

/** With which file systems files of other people are read. */
class HadoopSettingsTest {
  private final Configuration hadoop = new Configuration();

  @Test
  void localFilesAreReadAsTheyAre() throws IOException {
    Path path = new Path("file:/data/x.parquet");
    assertThat(HadoopSettings.ofSources(path, hadoop)).isInstanceOf(RawLocalFileSystem.class);
    Configuration settings = HadoopSettings.forSource(path, hadoop);
    assertThat(path.getFileSystem(settings)).isInstanceOf(RawLocalFileSystem.class);
    assertThat(path.getFileSystem(hadoop)).isInstanceOf(LocalFileSystem.class);
  }

  /** HDFS and S3A buffer on local disk, and take it for a file system with checksums. */
  @Test
  void otherFileSystemsKeepTheLocalOneTheyKnow() throws IOException {
    Path path = new Path("cut://x/data.parquet");
    FileSystem first = path.getFileSystem(HadoopSettings.forSource(path, hadoop));
    assertThat(FileSystem.getLocal(first.getConf())).isInstanceOf(LocalFileSystem.class);
    FileSystem source = HadoopSettings.ofSources(path, hadoop);
    assertThat(FileSystem.getLocal(source.getConf())).isInstanceOf(LocalFileSystem.class);
  }
}
