package org.chameleon.report;

/**
 * What the report looks like.
 *
 * @param title its heading
 */
public record ReportConfig(String title) {}
