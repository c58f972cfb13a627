using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Net;

/// <summary>Who is believed that an address is in use, and for how long.</summary>
public sealed class OccupantsTests
{
    private const int Size = 100;
    private static readonly MacAddress Device = Mac(1);

    private readonly StoppedClock _clock = new();
    private readonly Occupants _occupants;

    public OccupantsTests() => _occupants = new Occupants(new Ipv4Range(Address(0), Address(Size - 1)), Size, _clock);

    [Fact]
    public void An_address_rests_for_ten_minutes_from_when_somebody_was_found_last_and_it_is_told_since_when()
    {
        Assert.True(_occupants.Note(Address(5), OccupiedHow.Answer, Device).Counts);
        _clock.Pass(TimeSpan.FromMinutes(6));
        Assert.True(_occupants.Note(Address(5), OccupiedHow.Answer, Device).Counts);
        _clock.Pass(TimeSpan.FromMinutes(9));

        var told = Assert.Single(_occupants.All);
        Assert.Equal((Address(5), OccupiedHow.Answer, Device), (told.Address, told.How, told.Mac));
        Assert.Equal(DateTimeOffset.UnixEpoch, told.Since);
        Assert.Equal(DateTimeOffset.UnixEpoch + TimeSpan.FromMinutes(16), told.Until);
        _clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(_occupants.All);
    }

    [Fact]
    public void Who_answers_under_more_than_four_addresses_is_named_once_and_all_of_them_are_free_again()
    {
        for (var i = 0; i < Occupants.MostOfOne; i++)
        {
            Assert.True(_occupants.Note(Address(i), OccupiedHow.Answer, Device).Counts);
        }

        Assert.True(_occupants.Counts(Device));
        var verdict = _occupants.Note(Address(50), OccupiedHow.Answer, Device);

        Assert.False(verdict.Counts);
        Assert.Equal(Enumerable.Range(0, Occupants.MostOfOne).Select(Address), verdict.Freed);
        Assert.Contains($"{Device} answers ARP for more than 4 addresses", verdict.News, StringComparison.Ordinal);
        Assert.Equal([verdict.News], _occupants.Remarks);
        Assert.Equal(1, _occupants.UntrustedMacs);
        Assert.Empty(_occupants.All);
        Assert.False(_occupants.Counts(Device));
        var again = _occupants.Note(Address(51), OccupiedHow.Answer, Device);
        Assert.Equal((false, null, 0), (again.Counts, again.News, again.Freed.Length));
        Assert.True(_occupants.Note(Address(51), OccupiedHow.Answer, Mac(2)).Counts);
    }

    [Fact]
    public void A_device_with_a_few_addresses_is_believed_again_and_again()
    {
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < Occupants.MostOfOne; i++)
            {
                Assert.True(_occupants.Note(Address(i), OccupiedHow.Answer, Device).Counts);
            }

            _clock.Pass(TimeSpan.FromMinutes(7));
        }

        Assert.Empty(_occupants.Remarks);
    }

    [Fact]
    public void Who_was_not_believed_is_when_it_was_silent_for_ten_minutes()
    {
        for (var i = 0; i <= Occupants.MostOfOne; i++)
        {
            _occupants.Note(Address(i), OccupiedHow.Answer, Device);
        }

        _clock.Pass(TimeSpan.FromMinutes(9));
        Assert.False(_occupants.Counts(Device));
        _clock.Pass(TimeSpan.FromMinutes(9));
        Assert.False(_occupants.Counts(Device));
        _clock.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(0, _occupants.UntrustedMacs);
        Assert.True(_occupants.Counts(Device));
    }

    [Fact]
    public void Ever_new_macs_make_no_more_than_half_of_the_pool_rest_and_that_is_told_once()
    {
        var news = new List<string?>();
        for (var i = 0; i < Size; i++)
        {
            var verdict = _occupants.Note(Address(i), OccupiedHow.Answer, Mac(i));
            Assert.Equal(i < Size / 2, verdict.Counts);
            news.Add(verdict.News);
        }

        Assert.Contains("50 of 10.0.0.50-10.0.0.149 are in use by unknown devices", Assert.Single(news.OfType<string>()), StringComparison.Ordinal);
        Assert.Equal(news.OfType<string>(), _occupants.Remarks);
        Assert.Equal(Size / 2, _occupants.All.Length);
        _clock.Pass(Occupants.Memory);
        Assert.Empty(_occupants.All);
        Assert.Empty(_occupants.Remarks);
        Assert.True(_occupants.Note(Address(99), OccupiedHow.Ping, mac: null).Counts);
    }

    [Fact]
    public void Declines_in_the_name_of_a_device_do_not_make_its_answers_worthless()
    {
        for (var i = 0; i <= Occupants.MostOfOne; i++)
        {
            _occupants.Note(Address(i), OccupiedHow.Decline, Device);
        }

        Assert.Contains("declines more than 4 addresses", Assert.Single(_occupants.Remarks), StringComparison.Ordinal);
        Assert.True(_occupants.Counts(Device));
        Assert.True(_occupants.Note(Address(20), OccupiedHow.Answer, Device).Counts);
    }

    [Fact]
    public void However_many_are_not_believed_memory_is_bounded()
    {
        for (var device = 0; device < 1000; device++)
        {
            for (var i = 0; i <= Occupants.MostOfOne; i++)
            {
                _occupants.Note(Address(i), OccupiedHow.Answer, Mac(device));
            }
        }

        Assert.Equal(64, _occupants.UntrustedMacs);
        Assert.False(_occupants.Counts(Mac(999)));
    }

    private static Ipv4 Address(int number) => new((uint)(0x0A000032 + number));

    private static MacAddress Mac(int number) => MacAddress.FromOctets([2, 0x99, 0, 0, (byte)(number >> 8), (byte)number]);
}
