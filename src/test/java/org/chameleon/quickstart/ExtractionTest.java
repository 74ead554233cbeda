package org.chameleon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractionTest {
  @Test
  void glossesStandBehindTheBar() {
    String data =
        """
          1 This line is part of a licence | and no gloss
        00001740 02 r 01 a_cappella 0 000 | without musical accompaniment; "they sang"
        """;
    assertThat(Extraction.GLOSSES.from(data))
        .containsExactly("without musical accompaniment; \"they sang\"");
  }

  @Test
  void examplesLoseTheirTagsAndEntities() {
    String xml =
        "<rule><example correction=\"a\">Fish &amp; <marker>chip</marker>\n &#233;t&eacute;</example></rule>";
    assertThat(Extraction.EXAMPLES.from(xml)).containsExactly("Fish & chip ét");
  }

  @Test
  void codeIsCutAtEmptyLinesAndNothingIsLost() {
    String method = "void a() {\n" + "  call();\n".repeat(50) + "}\n\n";
    String code = method.repeat(20);
    List<String> documents = Extraction.CODE.from(code);
    assertThat(String.join("", documents)).isEqualTo(code.stripTrailing() + "\n");
    assertThat(documents).hasSize(5).allMatch(piece -> piece.strip().startsWith("void a()"));
    assertThat(Extraction.CODE.from("x = 1\n".repeat(3000))).hasSize(5);
  }

  @Test
  void pagesAreTheirText() {
    String page =
        "<html><head><title>x</title></head><script>var a = 1;</script><p>Returns <code>a &lt; b</code>.</p></html>";
    assertThat(Extraction.PAGE.from(page)).containsExactly("Returns a < b .");
  }

  @Test
  void everyDomainHasOneArtifactWithAChecksum() {
    assertThat(Artifact.ALL).hasSizeGreaterThanOrEqualTo(8);
    assertThat(Artifact.ALL).allMatch(a -> a.sha256().matches("[0-9a-f]{64}"));
    assertThat(Artifact.ALL.stream().map(Artifact::domain)).doesNotHaveDuplicates();
  }
}
