/** The HTML page and its charts. */
package org.chameleon.report;
