using System.Text;
using FsCheck.Xunit;
using Mayu.Protocols.Syslog;

namespace Mayu.Protocols.Tests.Syslog;

public sealed class SyslogMessageTests
{
    [Theory]
    // RFC 5424 §6.5, and what util-linux's logger sends.
    [InlineData("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed", "crit", "su", "'su root' failed")]
    [InlineData("<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventID=\"1\\\"]011\"][x@1 y=\"z\"] An event", "notice", "evntslog", "An event")]
    [InlineData("<13>1 2026-12-01T01:00:00+00:00 vm root - - [timeQuality tzKnown=\"1\" isSynced=\"0\"] hello", "notice", "root", "hello")]
    [InlineData("<13>1 - - - - - - no program", "notice", null, "no program")]
    [InlineData("<0>1 - - p - - -", "emerg", "p", "")]
    // RFC 3164 §5.4, with and without a host name, and what has only a tag.
    [InlineData("<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "crit", "su", "'su root' failed")]
    [InlineData("<30>Oct  1 02:14:15 vm-001 systemd[1]: Started.", "info", "systemd", "Started.")]
    [InlineData("<30>Oct  1 02:14:15 dracut-initqueue[7]: waiting", "info", "dracut-initqueue", "waiting")]
    [InlineData("<4>ipxe: link up", "warning", "ipxe", "link up")]
    // What has less: all of it is text.
    [InlineData("[    1.234567] eth0: Link is Up", "notice", null, "[    1.234567] eth0: Link is Up")]
    [InlineData("<999>x y", "notice", null, "<999>x y")]
    [InlineData("<192>x y", "notice", null, "<192>x y")]
    [InlineData("<>x y", "notice", null, "<>x y")]
    [InlineData("<13>1 a b", "notice", null, "1 a b")]
    [InlineData("<13>1 - - p - - [broken x=\"]", "notice", null, "1 - - p - - [broken x=\"]")]
    [InlineData("<13>1 - - p - - [broken \\", "notice", null, "1 - - p - - [broken \\")]
    [InlineData("<13>", "notice", null, "")]
    [InlineData("", "notice", null, "")]
    [InlineData("\r\n\0", "notice", null, "")]
    public void It_is_read_in_every_usual_form(string datagram, string severity, string? program, string text)
    {
        var message = SyslogMessage.Read(Encoding.UTF8.GetBytes(datagram));

        Assert.Equal((severity, program, text), (message.Severity, message.Program, message.Text));
    }

    [Fact]
    public void What_is_not_printable_is_encoded()
    {
        Assert.Equal(@"a\n\x1b[31mb\tc\u{202e}d\x00e", SyslogMessage.Read(Encoding.UTF8.GetBytes("<13>a\n\x1b[31mb\tc\u202ed\0e")).Text);
        Assert.Equal("\uFFFD\uFFFD", SyslogMessage.Read([0xff, 0xfe]).Text);
    }

    [Fact]
    public void What_is_too_long_is_cut()
    {
        Assert.Equal(SyslogMessage.MaxLength, SyslogMessage.Read(Encoding.ASCII.GetBytes(new string('x', 9000))).Text.Length);
        Assert.Equal(48, SyslogMessage.Read(Encoding.ASCII.GetBytes($"<13>1 - - {new string('p', 500)} - - - x")).Program!.Length);
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_a_message_of_one_printable_line(byte[] bytes)
    {
        var message = SyslogMessage.Read([.. "<13>1 - - a - - ["u8, .. bytes]);

        Assert.InRange(message.Priority, 0, 191);
        Assert.DoesNotContain(message.Text + message.Program, char.IsControl);
    }
}
