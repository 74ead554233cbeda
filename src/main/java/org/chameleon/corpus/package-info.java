/** Documents and their domains: which files hold them, how many rows, and row access by page. */
package org.chameleon.corpus;
