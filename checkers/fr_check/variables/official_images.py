"""The images of Docker Hub that have no slash in their names: any other such name is one that is built here.

Source: https://hub.docker.com/search?badges=official.
"""

from __future__ import annotations

_LIST = """
adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash
bonita buildpack-deps busybox caddy cassandra centos chronograf cirros clearlinux clefos clickhouse clojure
composer consul convertigo couchbase couchdb crate crux dart debian docker drupal eclipse-mosquitto
eclipse-temurin eggdrop elasticsearch elixir emqx erlang fedora flink fluentd friendica gazebo gcc geonetwork
ghost golang gradle groovy haproxy haskell haxe hello-world hitch hola-mundo httpd hylang ibm-semeru-runtimes
ibmjava influxdb irssi jetty jobber joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase
logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats nats-streaming
neo4j neurodebian nextcloud nginx node notary odoo open-liberty openjdk oraclelinux orientdb percona perl phlow
photon php phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis redmine
registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch sl solr sonarqube spark
spiped storm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu unit varnish vault
websphere-liberty wordpress xwiki yourls znc zookeeper
"""
_NAMES = frozenset(_LIST.split())


def is_official(image: str) -> bool:
    """Whether a name, with or without a tag, is that of an official image."""
    return image.partition("@")[0].partition(":")[0] in _NAMES
