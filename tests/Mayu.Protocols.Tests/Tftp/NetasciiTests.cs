using FsCheck.Xunit;
using Mayu.Protocols.Tftp;

namespace Mayu.Protocols.Tests.Tftp;

public class NetasciiTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\rb", "a\r\0b")]
    [InlineData("a\r\n", "a\r\0\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    public void Line_ends_go_as_cr_lf_and_other_crs_as_cr_nul(string text, string wire)
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(text);
        var encoded = new byte[Netascii.EncodedLength(bytes)];

        Assert.Equal(encoded.Length, Netascii.Encode(bytes, encoded));
        Assert.Equal(wire, System.Text.Encoding.Latin1.GetString(encoded));
    }

    [Property(MaxTest = 500)]
    public void What_was_encoded_decodes_to_the_same_bytes(byte[] raw)
    {
        // Half of all bytes are to be special.
        byte[] text = [.. raw.Select(value => value < 64 ? (byte)'\r' : value < 128 ? (byte)'\n' : value)];
        var encoded = new byte[Netascii.EncodedLength(text)];

        Assert.Equal(encoded.Length, Netascii.Encode(text, encoded));
        Assert.Equal(text, Decode(encoded));
    }

    // The receiver's rule, RFC 764: CR LF is the line's end, CR NUL is CR.
    private static byte[] Decode(byte[] wire)
    {
        var text = new List<byte>();
        for (var i = 0; i < wire.Length; i++)
        {
            if (wire[i] != '\r')
            {
                text.Add(wire[i]);
                continue;
            }

            i++;
            Assert.True(wire[i] is 0 or (byte)'\n');
            text.Add(wire[i] == 0 ? (byte)'\r' : (byte)'\n');
        }

        return [.. text];
    }
}
