package org.chameleon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.chameleon.Pom;
import org.junit.jupiter.api.Test;

class BuildTest {
  @Test
  void itIsWhatMavenBuilt() throws IOException {
    assertThat(Build.current().version()).isEqualTo(Pom.of("pom.xml").version());
    assertThat(Build.current().commit()).matches("unknown|[0-9a-f]{40}");
  }
}
