# writer.pl DEVICE FILE BLOCK_BYTES: writes FILE to a tape as a backup program would that does not give up. The device stays
# open. After an error it asks for the position (MTIOCPOS), goes there (MTSEEK) and writes on with the block that belongs
# there. A filemark ends it. Prints what it saw; exit 3: the position was not to be had, 4: acknowledged blocks are gone,
# 5: blocks are there that never were sent. A line "half" on stdout comes in the middle of the file; it then waits for stdin.
use strict;
use warnings;
$| = 1;
my ($device, $file, $bytes) = @ARGV;
my ($MTIOCTOP, $MTIOCPOS, $MTWEOF, $MTSEEK) = (0x40086d01, 0x80086d03, 5, 22);
open(my $tape, '+<:raw', $device) or die "open $device: $!\n";
open(my $source, '<:raw', $file) or die "open $file: $!\n";
my $blocks = (-s $file) / $bytes;

sub operate { my ($operation, $count) = @_; return ioctl($tape, $MTIOCTOP, pack('s x2 i', $operation, $count)) }
sub position {
  my $packed = pack('q', 0);
  return ioctl($tape, $MTIOCPOS, $packed) ? unpack('q', $packed) : undef;
}
# The kernel tries a lost session again for two minutes.
sub position_again {
  for (1 .. 120) {
    my $at = position();
    return $at if defined $at && operate($MTSEEK, $at);
    print "no position: $!\n" if $_ == 1;
    select(undef, undef, undef, 1);
  }
  print "no position after two minutes: $!\n";
  exit 3;
}

my $start = position() // die "no position at the beginning: $!\n";
my ($next, $errors) = (0, 0);
while ($next < $blocks) {
  if ($next == int($blocks / 2) && !$errors) { print "half\n"; readline(STDIN) }
  sysseek($source, $next * $bytes, 0);
  sysread($source, my $block, $bytes) == $bytes or die "read $file: $!\n";
  my $written = syswrite($tape, $block);
  if (defined $written && $written == $bytes) { $next++; next }
  $errors++;
  print "error after $next blocks: $!\n";
  exit 6 if $errors > 20;
  my $there = position_again() - $start;
  print "the tape has $there blocks\n";
  exit 4 if $there < $next;
  exit 5 if $there > $next + 1;
  $next = $there;
}
operate($MTWEOF, 1) or die "filemark: $!\n";
print "$blocks blocks, $errors errors\n";
