using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class MachineIdentityTests
{
    private static readonly Guid Uuid = Guid.Parse("11111111-2222-3333-4444-555555555555");

    [Fact]
    public void A_real_serial_wins()
    {
        Assert.True(MachineIdentity.TryDetermine("CZ1234", Uuid, Sample.Mac(1), out var serial, out _));
        Assert.Equal("cz1234", serial.Text);
    }

    [Theory]
    [InlineData("0123456789")]
    [InlineData("VMware-56 4d 11")]
    [InlineData("To be filled by O.E.M.")]
    [InlineData("Default string")]
    [InlineData("NONE")]
    [InlineData("System Serial Number")]
    [InlineData("xxxxxxxxxxxx")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(null)]
    public void A_placeholder_falls_back_to_the_uuid_so_machines_do_not_merge(string? placeholder)
    {
        Assert.True(MachineIdentity.TryDetermine(placeholder, Uuid, Sample.Mac(1), out var serial, out _));
        Assert.Equal("11111111-2222-3333-4444-555555555555", serial.Text);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("03000200-0400-0500-0006-000700080009")]
    [InlineData("12345678-1234-5678-90ab-cddeefaabbcc")]
    public void A_uuid_that_is_unset_or_shared_by_a_vendors_boards_falls_back_to_the_mac(string uuid)
    {
        Assert.True(MachineIdentity.TryDetermine("None", Guid.Parse(uuid), Sample.Mac(1), out var serial, out _));
        Assert.Equal("52:54:00:00:00:01", serial.Text);
    }

    [Fact]
    public void A_serial_that_cannot_be_one_falls_back_too()
    {
        Assert.True(MachineIdentity.TryDetermine("bad\u0001serial", Uuid, null, out var serial, out _));
        Assert.Equal(Uuid.ToString("D"), serial.Text);
    }

    [Fact]
    public void A_machine_that_says_nothing_has_no_identity()
    {
        Assert.False(MachineIdentity.TryDetermine(null, null, null, out _, out var refusal));
        Assert.NotEmpty(refusal);
    }
}
