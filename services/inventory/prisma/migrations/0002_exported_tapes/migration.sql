-- Since when a tape lies in an import/export element where a host put it.
ALTER TABLE "tapes" ADD COLUMN "exported_at" TIMESTAMPTZ(3);
