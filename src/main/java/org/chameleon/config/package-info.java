/** The configuration as records: reading, checking, and refusing with file and line. */
package org.chameleon.config;
