package org.chameleon;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files behind URIs that say who logs in: {@code login://user:password@store/path}. */
public final class LoginFileSystem extends RawLocalFileSystem {
  private URI uri;

  /** Has a session know the scheme. */
  public static void register(Configuration hadoop) {
    hadoop.set("fs.login.impl", LoginFileSystem.class.getName());
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    super.initialize(name, conf);
  }

  @Override
  public URI getUri() {
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public String getScheme() {
    return "login";
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }
}
