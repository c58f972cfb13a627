<?xml version="1.0"?>
<!-- Makes one line of each documented type and member: "Machine.Serial" or "Machine", a tab, and its summary as plain text. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="utf-8"/>
  <xsl:template match="/">
    <xsl:for-each select="doc/members/member[starts-with(@name, 'T:') or starts-with(@name, 'P:')]">
      <xsl:variable name="summary">
        <xsl:apply-templates select="summary"/>
      </xsl:variable>
      <xsl:call-template name="without-namespace">
        <xsl:with-param name="name" select="substring(@name, 3)"/>
      </xsl:call-template>
      <xsl:value-of select="concat('&#9;', normalize-space($summary), '&#10;')"/>
    </xsl:for-each>
  </xsl:template>
  <xsl:template match="see | paramref | typeparamref">
    <xsl:call-template name="without-namespace">
      <xsl:with-param name="name" select="concat(substring(@cref, 3), @name, @langword)"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template name="without-namespace">
    <xsl:param name="name"/>
    <xsl:choose>
      <xsl:when test="starts-with($name, 'Mayu.Client.Contracts.')"><xsl:value-of select="substring-after($name, 'Mayu.Client.Contracts.')"/></xsl:when>
      <xsl:when test="starts-with($name, 'Mayu.Primitives.')"><xsl:value-of select="substring-after($name, 'Mayu.Primitives.')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$name"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
