namespace Mayu.Primitives.Tests;

/// <summary>What DMI says of a machine, and what it says of many.</summary>
public class DmiTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("  ", true)]
    [InlineData(" To Be Filled By O.E.M. ", true)]
    [InlineData("0123456789", true)]
    [InlineData("VMware-56 4d 8d", true)]
    [InlineData("xxxxxxxx", true)]
    [InlineData("0", true)]
    [InlineData(".", true)]
    [InlineData("00", true)]
    [InlineData("7", false)]
    [InlineData("x", false)]
    [InlineData("01", false)]
    [InlineData("CN7016-VMware", false)]
    [InlineData("0123456780", false)]
    public void A_serial_that_nobody_filled_in_tells_nothing(string? serial, bool expected) => Assert.Equal(expected, Placeholders.IsPlaceholder(serial));

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", true)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", true)]
    [InlineData("03000200-0400-0500-0006-000700080009", true)]
    [InlineData("00020003-0004-0005-0006-000700080009", true)]
    [InlineData("03000200-0400-0500-0006-000700080008", false)]
    public void A_uuid_that_a_vendor_gives_to_every_board_tells_nothing_in_either_byte_order(string uuid, bool expected) =>
        Assert.Equal(expected, Placeholders.IsPlaceholder(Guid.Parse(uuid)));

    [Theory]
    [InlineData("00112233-4455-6677-8899-aabbccddeeff", "33221100-5544-7766-8899-aabbccddeeff")]
    [InlineData("33221100-5544-7766-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff")]
    public void A_uuid_is_one_in_both_byte_orders(string text, string swapped)
    {
        var (uuid, other) = (Guid.Parse(text), Guid.Parse(swapped));
        Assert.Equal(other, Uuids.Swapped(uuid));
        Assert.True(Uuids.AreSame(uuid, uuid) && Uuids.AreSame(uuid, other));
        Assert.False(Uuids.AreSame(uuid, Guid.Parse("00112233-4455-6677-8899-aabbccddee00")));
        Assert.Equal(Uuids.Canonical(other), Uuids.Canonical(uuid));
        Assert.Contains(Uuids.Canonical(uuid), new[] { uuid, other });
    }
}
