namespace Mayu.InfoPusher.Http;

/// <summary>A complete answer: one that was cut off never becomes one.</summary>
/// <param name="Status">Status code, 200 to 599.</param>
/// <param name="Body">The body.</param>
/// <param name="Serial">What the server calls the machine, decoded; null where it does not say.</param>
internal sealed record HttpAnswer(int Status, byte[] Body, string? Serial = null)
{
    /// <summary>2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A failure that may be over at the next try: 408, 429 and 5xx (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4).</summary>
    public bool MayPass => Status is 408 or 429 or >= 500;
}
