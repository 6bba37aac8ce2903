"""Migration: older stores and files brought to this program's version."""
