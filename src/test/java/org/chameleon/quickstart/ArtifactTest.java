package org.chameleon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.chameleon.Pom;
import org.junit.jupiter.api.Test;

class ArtifactTest {
  @Test
  void theBuildFetchesWhatTheDomainsAreUnpackedFrom() throws IOException {
    assertThat(Pom.of("submit/quickstart-corpus.pom.xml").jars())
        .containsExactlyInAnyOrderElementsOf(Artifact.ALL.stream().map(Artifact::file).toList());
  }
}
