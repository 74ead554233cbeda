/** One exporter class per trainer: a plan written as the trainer reads it, in the unit it draws. */
package org.chameleon.export;
