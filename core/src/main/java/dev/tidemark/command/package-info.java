/**
 * One file for each verb: what a run, a verification, a decision does from its first
 * question to its last word.
 */
@NullMarked
package dev.tidemark.command;

import org.jspecify.annotations.NullMarked;
