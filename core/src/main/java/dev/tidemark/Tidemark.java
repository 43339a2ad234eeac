package dev.tidemark;

/** Placeholder until the engine stands. */
public final class Tidemark {

}
