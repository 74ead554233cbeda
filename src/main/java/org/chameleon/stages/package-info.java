/**
 * The stages of the main path, each a few lines over the packages that do its work: what it depends
 * on, what it takes over of an earlier output, and what it leaves in the run directory.
 */
package org.chameleon.stages;
