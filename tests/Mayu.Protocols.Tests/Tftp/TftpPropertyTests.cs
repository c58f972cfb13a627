using FsCheck.Xunit;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

/// <summary>The codec and the sender against what a random client, and a random network, may do.</summary>
public class TftpPropertyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Property(MaxTest = 500)]
    public void A_request_reads_back_as_it_was_written(byte block, byte size, byte timeout, byte window, byte which)
    {
        var asked = new TftpRequestedOptions
        {
            BlockSize = (which & 1) == 0 ? null : TftpRequestedOptions.MinimumBlockSize + (block * 256),
            TransferSize = (which & 2) == 0 ? null : size * 1_000_000_007L,
            TimeoutSeconds = (which & 4) == 0 ? null : Math.Max((int)timeout, 1),
            WindowSize = (which & 8) == 0 ? null : (window * 256) + 1,
        };
        var buffer = new byte[TftpPacket.MaximumRequestSize];
        var length = TftpPacketWriter.WriteReadRequest(buffer, "grub/grub.cfg", asked);

        Assert.True(TftpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.Equal("grub/grub.cfg"u8, packet.Body);
        Assert.Equal("octet"u8, packet.Mode);
        Assert.Equal(asked, TftpRequestedOptions.Read(packet));
    }

    [Property(MaxTest = 500)]
    public void An_oack_says_only_what_was_asked_and_never_more(int block, uint size, byte timeout, ushort window, byte which)
    {
        var asked = new TftpRequestedOptions
        {
            BlockSize = (which & 1) == 0 ? null : Math.Clamp(block, TftpRequestedOptions.MinimumBlockSize, TftpRequestedOptions.MaximumBlockSize),
            TransferSize = (which & 2) == 0 ? null : 0,
            TimeoutSeconds = (which & 4) == 0 ? null : Math.Max((int)timeout, 1),
            WindowSize = (which & 8) == 0 ? null : Math.Max((int)window, 1),
        };
        var agreement = TftpAgreement.Negotiate(asked, size, 1468, 64, 15);
        var buffer = new byte[TftpPacket.MaximumRequestSize];
        var length = TftpPacketWriter.WriteOptionAcknowledgement(buffer, agreement);

        Assert.True(TftpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        var told = TftpRequestedOptions.Read(packet);
        Assert.Equal(agreement.NeedsOack, length > 2);
        Assert.Equal(asked.BlockSize is { } blocks ? Math.Min(blocks, 1468) : null, told.BlockSize);
        Assert.Equal(asked.TransferSize is null ? null : size, told.TransferSize);
        Assert.Equal(asked.TimeoutSeconds <= 15 ? asked.TimeoutSeconds : null, told.TimeoutSeconds);
        Assert.Equal(asked.WindowSize is { } most ? Math.Min(most, 64) : null, told.WindowSize);
    }

    [Property(MaxTest = 1000)]
    public void Random_bytes_never_escape_the_parser(byte opcode, byte[] tail)
    {
        if (TftpPacket.TryParse([0, (byte)(opcode % 8), .. tail], out var packet, out var error))
        {
            Assert.Equal(TftpParseError.None, error);
            TftpRequestedOptions.Read(packet);
        }
        else
        {
            Assert.NotEqual(TftpParseError.None, error);
        }
    }

    /// <summary>
    /// A network that loses, repeats and reorders in both directions, and a client that does as RFC 7440 says: it gets every
    /// block once, in order, and the sender knows that it has.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Whatever_the_network_does_the_file_arrives(int seed, byte window, ushort size)
    {
        var random = new Random(seed);
        var windowSize = (window % 16) + 1;
        var asked = new TftpRequestedOptions { BlockSize = 64, WindowSize = windowSize == 1 ? null : windowSize };
        var fileSize = size % 8192;
        // The network is so bad that only a very patient sender gets through for certain.
        var sender = new TftpSender(TftpAgreement.Negotiate(asked, fileSize, 1468, 64), fileSize, Second, TimeSpan.FromDays(1));
        var toClient = new List<long>();
        var toServer = new List<ushort>();
        var received = 0L;
        var inWindow = 0;
        var waitsForOack = true;
        Send(sender.Start());
        for (var turn = 0; sender.Outcome == TftpOutcome.Running; turn++)
        {
            Assert.True(turn < 200_000, "it never ends");
            if (toClient.Count > 0 && random.Next(2) == 0)
            {
                Receive(Take(toClient));
            }
            else if (toServer.Count > 0)
            {
                Send(sender.OnAcknowledgement(Take(toServer)));
            }
            else if (toClient.Count == 0)
            {
                // Silence: whose time-out comes first is chance.
                if (random.Next(2) == 0)
                {
                    Acknowledge();
                }
                else
                {
                    Send(sender.OnTimeout());
                }
            }
        }

        Assert.Equal(TftpOutcome.Completed, sender.Outcome);
        Assert.Equal(sender.BlockCount, received);
        Assert.Equal(fileSize, sender.AcknowledgedBytes);

        // The next packet, or now and then one that overtook it; one in ten is lost, one in ten comes again.
        T Take<T>(List<T> wire)
        {
            var place = random.Next(5) == 0 ? random.Next(wire.Count) : 0;
            var packet = wire[place];
            if (random.Next(10) != 0)
            {
                wire.RemoveAt(place);
            }

            return packet;
        }

        void Send(TftpStep step)
        {
            if (step.Kind == TftpStepKind.SendOack && random.Next(10) != 0)
            {
                toClient.Add(0);
            }

            for (var block = step.FirstBlock; step.Kind == TftpStepKind.SendBlocks && block < step.FirstBlock + step.Blocks; block++)
            {
                Assert.InRange(block, 1, sender.BlockCount);
                if (random.Next(10) != 0)
                {
                    toClient.Add(block);
                }
            }
        }

        void Acknowledge()
        {
            inWindow = 0;
            if (!waitsForOack && random.Next(10) != 0)
            {
                toServer.Add((ushort)received);
            }
        }

        void Receive(long block)
        {
            if (block == 0)
            {
                waitsForOack = false;
                if (received == 0)
                {
                    Acknowledge();
                }
            }
            else if (!waitsForOack && block == received + 1)
            {
                received = block;
                if (++inWindow >= windowSize || block == sender.BlockCount)
                {
                    Acknowledge();
                }
            }
            else if (!waitsForOack && block > received + 1)
            {
                Acknowledge();
            }
        }
    }
}
