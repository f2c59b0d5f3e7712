-- CreateEnum
CREATE TYPE "tape_status" AS ENUM ('CREATING', 'AVAILABLE', 'DELETING', 'DELETED');

-- CreateEnum
CREATE TYPE "element_type" AS ENUM ('transport', 'dataTransfer', 'storage', 'importExport');

-- CreateEnum
CREATE TYPE "move_cause" AS ENUM ('initiator', 'operator');

-- CreateTable
CREATE TABLE "gateways" (
    "name" TEXT NOT NULL,
    "outbox_id" UUID,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_event_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gateways_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "outboxes" (
    "gateway" TEXT NOT NULL,
    "outbox_id" UUID NOT NULL,
    "accepted_through" BIGINT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outboxes_pkey" PRIMARY KEY ("gateway","outbox_id")
);

-- CreateTable
CREATE TABLE "libraries" (
    "name" TEXT NOT NULL,
    "gateway" TEXT NOT NULL,
    "changer_vendor" TEXT NOT NULL,
    "changer_product" TEXT NOT NULL,
    "changer_serial_number" TEXT NOT NULL,
    "changer_target_name" TEXT NOT NULL,
    "ranges" JSONB NOT NULL,
    "described_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "libraries_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "drives" (
    "library" TEXT NOT NULL,
    "address" INTEGER NOT NULL,
    "vendor" TEXT NOT NULL,
    "product" TEXT NOT NULL,
    "serial_number" TEXT NOT NULL,
    "target_name" TEXT NOT NULL,

    CONSTRAINT "drives_pkey" PRIMARY KEY ("library","address")
);

-- CreateTable
CREATE TABLE "elements" (
    "library" TEXT NOT NULL,
    "address" INTEGER NOT NULL,
    "type" "element_type" NOT NULL,
    "barcode" TEXT NOT NULL,

    CONSTRAINT "elements_pkey" PRIMARY KEY ("library","address")
);

-- CreateTable
CREATE TABLE "tapes" (
    "library" TEXT NOT NULL,
    "barcode" TEXT NOT NULL,
    "gateway" TEXT NOT NULL,
    "status" "tape_status" NOT NULL,
    "generation" INTEGER NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "used_bytes" BIGINT NOT NULL,
    "uploaded_bytes" BIGINT NOT NULL,
    "cached_bytes" BIGINT NOT NULL,
    "pending_bytes" BIGINT NOT NULL,
    "worm" BOOLEAN NOT NULL,
    "pool" TEXT,
    "kms_key_id" TEXT,
    "wrapped_key" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "tapes_pkey" PRIMARY KEY ("library","barcode")
);

-- CreateTable
CREATE TABLE "segments" (
    "library" TEXT NOT NULL,
    "barcode" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "first_object" BIGINT,
    "end_object" BIGINT,
    "segment_bytes" BIGINT NOT NULL,
    "in_cache" BOOLEAN NOT NULL,
    "sealed_at" TIMESTAMPTZ(3),
    "dropped_at" TIMESTAMPTZ(3),
    "bucket" TEXT,
    "object_key" TEXT,
    "etag" TEXT,
    "version_id" TEXT,
    "storage_class" TEXT,
    "object_bytes" BIGINT,
    "object_crc32c" TEXT,
    "object_sha256" TEXT,
    "segment_sha256" TEXT,
    "uploaded_at" TIMESTAMPTZ(3),

    CONSTRAINT "segments_pkey" PRIMARY KEY ("library","barcode","generation","partition","number")
);

-- CreateTable
CREATE TABLE "manifests" (
    "library" TEXT NOT NULL,
    "barcode" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "complete" BOOLEAN NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "manifests_pkey" PRIMARY KEY ("library","barcode","generation","sequence")
);

-- CreateTable
CREATE TABLE "moves" (
    "gateway" TEXT NOT NULL,
    "outbox_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "library" TEXT NOT NULL,
    "barcode" TEXT NOT NULL,
    "source_address" INTEGER,
    "source_type" "element_type",
    "destination_address" INTEGER,
    "destination_type" "element_type",
    "cause" "move_cause" NOT NULL,
    "initiator_name" TEXT,
    "moved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "moves_pkey" PRIMARY KEY ("gateway","outbox_id","sequence")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "request_id" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "remote_address" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "elements_library_barcode_key" ON "elements"("library", "barcode");

-- CreateIndex
CREATE INDEX "tapes_barcode_library_idx" ON "tapes"("barcode", "library");

-- CreateIndex
CREATE INDEX "tapes_status_barcode_library_idx" ON "tapes"("status", "barcode", "library");

-- CreateIndex
CREATE INDEX "moves_library_barcode_moved_at_idx" ON "moves"("library", "barcode", "moved_at");

-- CreateIndex
CREATE INDEX "audit_asked_at_idx" ON "audit"("asked_at");

-- CreateIndex
CREATE INDEX "audit_subject_asked_at_idx" ON "audit"("subject", "asked_at");
