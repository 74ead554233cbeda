/** The corpus of the quick start, unpacked from published artifacts. */
package org.chameleon.quickstart;
