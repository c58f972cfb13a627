using Mayu.Client.Contracts;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Tests.Facts;

/// <summary>The rule of identity stands in the collector and in the server: a machine must be the same to both.</summary>
public sealed class SerialRuleAgreementTests
{
    private const string Mac = "52:54:00:00:00:01";

    private static readonly string?[] Serials =
    [
        null, "", " ", "7XKQ2T2", " C02 XK 0AB ", "A\tB", "0", "7", "a", "aa", "00000", "0123456789", "12345678", "To be filled by O.E.M.", "Default string", "NONE",
        "n/a", "System Serial Number", "Not Specified", "no asset information", "undefined", "VMware-56 4d", "vmwarex", "xxxx", "....", "- -", "--", "a/b", "SÉRIE",
        ".", "..", "x?y", "\u001b[2J", "Serial: 7", new string('x', 127) + "y", new string('x', 128) + "y", new string('x', 400) + "y",
    ];

    private static readonly string?[] Uuids =
    [
        null, "none", "4C4C4544-0058-4B10-8051-B7C04F325432", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "03000200-0400-0500-0006-000700080009", "12345678-1234-5678-90AB-CDDEEFAABBCC",
    ];

    [Fact]
    public void The_collector_and_the_server_choose_the_same_serial()
    {
        Assert.True(MacAddress.TryParse(Mac, out var mac));
        Assert.All(Serials.SelectMany(_ => Uuids, (serial, uuid) => (serial, uuid)), pair =>
        {
            // As DmiReader hands it over: cleaned.
            var text = pair.serial is null ? null : CleanText.From(pair.serial);
            var id = Guid.TryParse(pair.uuid, out var parsed) ? parsed : (Guid?)null;

            Assert.True(MachineIdentity.TryDetermine(text, id, mac, out var expected, out _));
            Assert.Equal(expected.Text, SerialRule.Choose(new DmiFacts { Serial = text, Uuid = pair.uuid }, Mac));
        });
    }
}
