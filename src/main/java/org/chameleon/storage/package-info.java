/**
 * The bottom floor: folders on any Hadoop file system, files that are hashed while they are written
 * and appear whole, one lock, one rule for what may be overwritten, one verifier. It knows no run.
 */
package org.chameleon.storage;
