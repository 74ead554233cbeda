/** The mixed corpus itself: documents as often as a plan says, shuffled, in shards. */
package org.chameleon.materialize;
